export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What stands in an Authorization header; undefined where it is anything but well-formed Basic credentials. */
export function parseBasic(header: string): Credentials | undefined {
  const encoded = /^basic +(\S+) *$/i.exec(header)?.[1];
  if (encoded === undefined || !base64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  // A decoder passes over bits that do not belong there; only one text may stand for a password.
  if (bytes.toString('base64') !== encoded) return undefined;
  const text = utf8(bytes);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0 || hasControls(text)) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function formatBasic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** RFC 7617 forbids them, and hash functions of old stop at some. */
function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
