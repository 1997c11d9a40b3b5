import { posix } from 'node:path';

/** Where a group's file stands: names below the base directory, the file's own name last. */
export interface GroupPath {
  readonly base: string;
  readonly names: readonly string[];
}

const longestName = 255;
const longestPath = 1024;

/**
 * The file for a value of the attribute, the value standing for `*` in `template`. It is always below the directory of the
 * literal part before `*`: `..`, empty and absolute parts are left out, and characters that mean something to a file system
 * are replaced. Undefined where nothing usable remains, or a name is too long.
 */
export function groupPath(template: string, value: string): GroupPath | undefined {
  const [before = '', after = ''] = template.split('*');
  const cut = before.lastIndexOf('/') + 1;
  const parts = value
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map(safeName);
  if (parts.length === 0) return undefined;
  const names = (before.slice(cut) + parts.join('/') + after).split('/').filter((name) => name !== '');
  if (names.some((name) => Buffer.byteLength(name) > longestName) || Buffer.byteLength(names.join('/')) > longestPath)
    return undefined;
  return { base: posix.normalize(before.slice(0, cut) || '.'), names };
}

/** Leading dots hide a file; the rest ends a name or a line early. */
function safeName(part: string): string {
  // eslint-disable-next-line no-control-regex
  return part.replace(/[\\\u0000-\u001f\u007f-\u009f]/g, '_').replace(/^\.+/, (dots) => '_'.repeat(dots.length));
}
