import { readFileSync } from 'node:fs';

/** The version in package.json, which lies two folders up from the sources and one from the bundle. */
export const version: string = read(['../../package.json', '../package.json']);

function read(paths: readonly string[]): string {
  for (const path of paths) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'sluice' && version !== undefined) return version;
    } catch {
      // The other place.
    }
  }
  return 'unknown';
}
