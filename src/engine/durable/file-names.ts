import { createHash } from 'node:crypto';

/** Longest name; file systems take 255 bytes, and suffixes come after it. */
const maxLength = 200;

/**
 * A file name for any text, always the same and never that of another text. Readable where the text is: everything but
 * letters, digits, `_`, `-` and `.` is written as %XX, and what gets too long ends in a hash.
 */
export function fileNameOf(text: string): string {
  const bytes = Buffer.from(text);
  let name = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    const plain = /[\w.-]/.test(character) && !(name === '' && character === '.');
    name += plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (name.length <= maxLength) return name === '' ? '%' : name;
  // A tilde is in no plain name.
  return `${name.slice(0, maxLength - 65)}~${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The text of a name; a shortened name stays as it is. */
export function textOf(name: string): string {
  try {
    return name === '%' ? '' : decodeURIComponent(name);
  } catch {
    return name;
  }
}
