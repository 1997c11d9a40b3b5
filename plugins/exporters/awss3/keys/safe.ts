/** What S3 takes as a key, in bytes. */
const longestKey = 1024;
/** Servers that keep objects as files take no longer name between two slashes. */
const longestSegment = 255;

/** What stands in a key for an attribute that is absent or empty. */
export const unknown = 'unknown';

/**
 * A value that senders chose, as a part of one segment of a key: it begins no other segment, hides nothing with a leading dot,
 * and has no control characters.
 */
export function safeValue(value: string): string {
  if (value === '') return unknown;
  // eslint-disable-next-line no-control-regex
  return value.replace(/[/\\\u0000-\u001f\u007f-\u009f]/g, '_').replace(/^\.+/, (dots) => '_'.repeat(dots.length));
}

/** A value that senders chose, as a path of segments. */
export function safePath(value: string): string {
  return segmentsOf(value).map(safeValue).join('/');
}

/** Parts of a key as one: without a slash at the start or end, without `//`, `.` and `..`. */
export function joined(parts: readonly string[]): string {
  return parts.flatMap(segmentsOf).join('/');
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** What is wrong with the length of a key, to which `more` bytes will be added; undefined where nothing is. */
export function tooLong(key: string, more: number): string | undefined {
  const bytes = Buffer.byteLength(key) + more;
  if (bytes > longestKey) return `its key would have ${bytes} bytes, and S3 takes ${longestKey}`;
  const segments = key.split('/').map((segment) => Buffer.byteLength(segment));
  const longest = Math.max(...segments, (segments.at(-1) ?? 0) + more);
  return longest > longestSegment
    ? `a part of its key would have ${longest} bytes, and ${longestSegment} is the most`
    : undefined;
}

/** Whether a text can name a bucket. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
}
