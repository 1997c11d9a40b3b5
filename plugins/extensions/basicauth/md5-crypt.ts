import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The hash of FreeBSD's md5crypt, which htpasswd calls apr1: the last part of `$apr1$salt$hash`, 22 characters.
 * `magic` is `$apr1$` or `$1$`.
 */
export function md5Crypt(password: string, salt: string, magic: string): string {
  const key = Buffer.from(password);
  const saltBytes = Buffer.from(salt.slice(0, 8));
  const alternate = md5(key, saltBytes, key);
  const parts: Uint8Array[] = [key, Buffer.from(magic), saltBytes];
  for (let left = key.length; left > 0; left -= 16) parts.push(alternate.subarray(0, Math.min(16, left)));
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Buffer.alloc(1) : key.subarray(0, 1));
  let digest = md5(...parts);
  for (let round = 0; round < 1000; round++) {
    const odd = (round & 1) === 1;
    digest = md5(
      odd ? key : digest,
      round % 3 === 0 ? nothing : saltBytes,
      round % 7 === 0 ? nothing : key,
      odd ? digest : key,
    );
  }
  return encoded(digest);
}

const nothing = Buffer.alloc(0);

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

/** The bytes in the order that the format has them, six bits a character, the lowest first. */
function encoded(digest: Buffer): string {
  const at = (index: number): number => digest[index] as number;
  const groups = [0, 1, 2, 3, 4].map((i) => (at(i) << 16) | (at(i + 6) << 8) | at(i === 4 ? 5 : i + 12));
  return groups.map((group) => characters(group, 4)).join('') + characters(at(11), 2);
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, i) => alphabet[(value >> (6 * i)) & 0x3f]).join('');
}
