import type { HeaderBlock } from './hpack/decoder.ts';

/** Headers that RFC 9113 section 8.2.2 forbids, and those that need a look. */
const special: ReadonlyMap<string, 'forbidden' | 'te' | 'length'> = new Map([
  ['connection', 'forbidden'],
  ['keep-alive', 'forbidden'],
  ['proxy-connection', 'forbidden'],
  ['transfer-encoding', 'forbidden'],
  ['upgrade', 'forbidden'],
  ['te', 'te'],
  ['content-length', 'length'],
]);

export interface RequestHead {
  readonly method: string;
  readonly scheme: string;
  readonly path: string;
  readonly authority: string;
  /** All fields but the pseudo headers: names and values in turn. Names are in lower case. */
  readonly fields: readonly string[];
  /** -1 where it was not given. */
  readonly contentLength: number;
  /** The block was over the limit: what is here is only its beginning. */
  readonly tooLarge: boolean;
  /** What the user of the head made of it; requests with the same header bytes share one head. */
  memo: unknown;
}

export interface ResponseHead {
  readonly status: number;
  readonly fields: readonly string[];
  readonly contentLength: number;
}

const colon = 58;

/** Position of the first field that is no pseudo header. */
function pseudoEnd(fields: readonly string[]): number {
  let at = 0;
  while (at < fields.length && (fields[at] as string).charCodeAt(0) === colon) at += 2;
  return at;
}

/** The content length, -1 without one; undefined where a field at or behind `from` is not allowed. */
function regular(fields: readonly string[], from: number): number | undefined {
  let contentLength = -1;
  for (let at = from; at < fields.length; at += 2) {
    const name = fields[at] as string;
    if (name.charCodeAt(0) === colon) return undefined;
    const kind = special.get(name);
    if (kind === undefined) continue;
    const value = fields[at + 1] as string;
    if (kind === 'forbidden' || (kind === 'te' && value !== 'trailers')) return undefined;
    if (kind === 'te') continue;
    if (!/^\d{1,15}$/.test(value) || (contentLength >= 0 && contentLength !== Number(value))) return undefined;
    contentLength = Number(value);
  }
  return contentLength;
}

/** Undefined where the request is malformed. */
export function requestHead(block: HeaderBlock): RequestHead | undefined {
  if (block.memo !== undefined) return block.memo as RequestHead;
  const { fields, tooLarge } = block;
  const end = pseudoEnd(fields);
  const contentLength = block.sound ? regular(fields, end) : undefined;
  if (contentLength === undefined) return undefined;
  let method: string | undefined;
  let scheme: string | undefined;
  let path: string | undefined;
  let authority: string | undefined;
  for (let at = 0; at < end; at += 2) {
    const name = fields[at] as string;
    const value = fields[at + 1] as string;
    if (name === ':method' && method === undefined) method = value;
    else if (name === ':scheme' && scheme === undefined) scheme = value;
    else if (name === ':path' && path === undefined) path = value;
    else if (name === ':authority' && authority === undefined) authority = value;
    else return undefined;
  }
  const complete = (method ?? '') !== '' && (scheme ?? '') !== '' && (path ?? '') !== '';
  if (!complete && !tooLarge) return undefined;
  const head: RequestHead = {
    method: method ?? '',
    scheme: scheme ?? '',
    path: path ?? '',
    authority: authority ?? '',
    fields: fields.slice(end),
    contentLength,
    tooLarge,
    memo: undefined,
  };
  block.memo = head;
  return head;
}

/** Undefined where the answer is malformed. */
export function responseHead(block: HeaderBlock): ResponseHead | undefined {
  if (block.memo !== undefined) return block.memo as ResponseHead;
  const { fields } = block;
  const contentLength = block.sound ? regular(fields, 2) : undefined;
  const status = fields[1] ?? '';
  if (contentLength === undefined || fields[0] !== ':status' || !/^[1-9]\d\d$/.test(status)) return undefined;
  const head: ResponseHead = { status: Number(status), fields: fields.slice(2), contentLength };
  block.memo = head;
  return head;
}

/** Whether the block may stand after a body. */
export function validTrailers(block: HeaderBlock): boolean {
  return block.sound && regular(block.fields, 0) !== undefined;
}

/** Value of a field, the first where there are several. `name` is in lower case. */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1];
  return undefined;
}
