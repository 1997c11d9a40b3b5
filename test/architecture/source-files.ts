import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root of the repository: `src/wire/batch.ts`. */
  readonly path: string;
  readonly text: string;
  /** What it imports, as written, types included. */
  readonly imports: readonly string[];
}

const folders = ['src', 'plugins', 'test', 'examples'];
const unread = new Set(['node_modules', 'generated']);

/** Every TypeScript file that somebody wrote by hand. */
export const sources: readonly SourceFile[] = folders.flatMap((folder) => walk(folder)).map(read);

/** Files that are part of the product: neither tests nor what tests need. */
export const product: readonly SourceFile[] = sources.filter(
  ({ path }) =>
    /^(?:src|plugins)\//.test(path) &&
    !/\.test(?:-d)?\.ts$|\.bench\.ts$|\/test-data\/|\/testing\.ts$|^src\/\w+\/.*\btesting\//.test(path),
);

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return unread.has(entry.name) ? [] : walk(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm);
  return { path, text, imports: [...statements].map(([, from, dynamic]) => (from ?? dynamic) as string) };
}

/** Where a relative import leads, from the root of the repository; undefined for packages. */
export function target({ path }: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined;
}
