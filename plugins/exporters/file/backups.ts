import { parse } from 'node:path';

/** The name under which a file is put aside: `data-2026-01-31T23-59-59.999.json` for `data.json`. */
export function backupName(path: string, at: Date, localtime: boolean): string {
  const { name, ext } = parse(path);
  return `${name}-${stamp(at, localtime)}${ext}`;
}

/** When a file of this name was put aside, in milliseconds since the epoch; undefined where it is no backup of `path`. */
export function backupTime(path: string, fileName: string, localtime: boolean): number | undefined {
  const { name, ext } = parse(path);
  const prefix = `${name}-`;
  if (!fileName.startsWith(prefix) || !fileName.endsWith(ext) || fileName.length < prefix.length + ext.length)
    return undefined;
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(
    fileName.slice(prefix.length, fileName.length - ext.length),
  );
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}${localtime ? '' : 'Z'}`);
  return Number.isNaN(time) ? undefined : time;
}

/** Which of the files beside `path` are backups that are one too many or too old. */
export function outdated(
  path: string,
  names: readonly string[],
  now: number,
  keep: { readonly max_backups: number; readonly max_days: number; readonly localtime: boolean },
): string[] {
  const oldest = keep.max_days > 0 ? now - keep.max_days * 86_400_000 : -Infinity;
  return names
    .flatMap((name) => {
      const time = backupTime(path, name, keep.localtime);
      return time === undefined ? [] : [{ name, time }];
    })
    .sort((a, b) => b.time - a.time)
    .filter(({ time }, i) => (keep.max_backups > 0 && i >= keep.max_backups) || time < oldest)
    .map(({ name }) => name);
}

function stamp(at: Date, localtime: boolean): string {
  const shifted = localtime ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000) : at;
  return shifted.toISOString().slice(0, -1).replaceAll(':', '-');
}
