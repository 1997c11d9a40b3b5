/** Longest status message that is sent, in characters; header lists have limits. */
const longest = 2048;

/** Text as `grpc-message` carries it: UTF-8, percent-encoded where it is not printable ASCII. */
export function percentEncode(text: string): string {
  if (/^[\u0020-\u0024\u0026-\u007e]*$/.test(text) && text.length <= longest) return text;
  let result = '';
  for (const byte of Buffer.from(text.slice(0, longest), 'utf8')) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    result += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

/** The text again; what is no percent-encoding stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? text.slice(at + 1, at + 3) : '';
    const encoded = /^[0-9a-fA-F]{2}$/.test(hex);
    bytes.push(encoded ? Number.parseInt(hex, 16) : text.charCodeAt(at) & 0xff);
    if (encoded) at += 2;
  }
  return Buffer.from(bytes).toString('utf8');
}
