const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** The 64-bit FNV-1a hash of a text, as 16 hex digits. */
export function fnv1a(text: string): string {
  let hash = offset;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  return hash.toString(16).padStart(16, '0');
}
