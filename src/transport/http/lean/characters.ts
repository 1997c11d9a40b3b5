/** Tables of RFC 9110: 1 for each byte that is allowed. */
function table(allowed: (code: number, character: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_unused, code) => (allowed(code, String.fromCharCode(code)) ? 1 : 0));
}

/** Names of methods and headers. */
export const tokenBytes = table((_code, character) => /[\w!#$%&'*+.^`|~-]/.test(character));
/** Request targets: what is visible, without a fragment. */
export const targetBytes = table((code, character) => code > 0x20 && code < 0x7f && character !== '#');
/** Values of headers: all but control characters. */
export const valueBytes = table((code) => code === 0x09 || (code >= 0x20 && code !== 0x7f));
/** Values of Host. */
export const hostBytes = table((_code, character) => /[\w.~!$&'()*+,;=:%[\]-]/.test(character));

export const cr = 13;
export const lf = 10;
export const space = 32;
export const tab = 9;
export const colon = 58;

/** True where `bytes[from, from + name.length)` is `name`, which is in lower case, whatever its case. */
export function isName(bytes: Uint8Array, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (((bytes[from + i] as number) | 0x20) !== name.charCodeAt(i)) return false;
  return true;
}
