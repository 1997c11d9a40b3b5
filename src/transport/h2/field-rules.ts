import type { HeaderBlock } from './hpack/decoder.ts';

/** What RFC 9113 section 8 asks of any header block, pseudo headers and others. */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are the characters that must not be
const badValue = /[\0\r\n]/;
const connectionHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Whether a field that is no pseudo header may be there. */
function allowed(name: string, value: string): boolean {
  if (!namePattern.test(name) || badValue.test(value)) return false;
  return !connectionHeaders.has(name) && (name !== 'te' || value === 'trailers');
}

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
  memo?: unknown;
}

export interface ResponseHead {
  readonly status: number;
  readonly fields: readonly string[];
  readonly contentLength: number;
}

interface Split {
  readonly pseudo: Map<string, string>;
  readonly fields: readonly string[];
  readonly contentLength: number;
}

/** Undefined where the block is malformed. */
function split(block: HeaderBlock, known: ReadonlySet<string>): Split | undefined {
  const pseudo = new Map<string, string>();
  let at = 0;
  for (; at < block.fields.length && (block.fields[at] as string).startsWith(':'); at += 2) {
    const name = block.fields[at] as string;
    const value = block.fields[at + 1] as string;
    if (!known.has(name) || pseudo.has(name) || badValue.test(value)) return undefined;
    pseudo.set(name, value);
  }
  const fields = at === 0 ? block.fields : block.fields.slice(at);
  const contentLength = regular(fields);
  return contentLength === undefined ? undefined : { pseudo, fields, contentLength };
}

/** The content length, -1 without one; undefined where a field is not allowed. */
function regular(fields: readonly string[]): number | undefined {
  let contentLength = -1;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    const value = fields[at + 1] as string;
    if (!allowed(name, value)) return undefined;
    if (name !== 'content-length') continue;
    if (!/^\d{1,15}$/.test(value) || (contentLength >= 0 && contentLength !== Number(value))) return undefined;
    contentLength = Number(value);
  }
  return contentLength;
}

const requestPseudo = new Set([':method', ':scheme', ':path', ':authority']);
const responsePseudo = new Set([':status']);

/** Undefined where the request is malformed. */
export function requestHead(block: HeaderBlock): RequestHead | undefined {
  if (block.memo !== undefined) return block.memo as RequestHead;
  const parts = split(block, requestPseudo);
  if (parts === undefined) return undefined;
  const { pseudo, fields, contentLength } = parts;
  const method = pseudo.get(':method') ?? '';
  const scheme = pseudo.get(':scheme') ?? '';
  const path = pseudo.get(':path') ?? '';
  if (!block.tooLarge && (method === '' || scheme === '' || path === '')) return undefined;
  const head: RequestHead = {
    method,
    scheme,
    path,
    authority: pseudo.get(':authority') ?? '',
    fields,
    contentLength,
    tooLarge: block.tooLarge,
  };
  block.memo = head;
  return head;
}

/** Undefined where the answer is malformed. */
export function responseHead(block: HeaderBlock): ResponseHead | undefined {
  if (block.memo !== undefined) return block.memo as ResponseHead;
  const parts = split(block, responsePseudo);
  const status = parts?.pseudo.get(':status');
  if (parts === undefined || status === undefined || !/^[1-9]\d\d$/.test(status)) return undefined;
  const head: ResponseHead = { status: Number(status), fields: parts.fields, contentLength: parts.contentLength };
  block.memo = head;
  return head;
}

/** Whether the block may stand after a body. */
export function validTrailers(block: HeaderBlock): boolean {
  return regular(block.fields) !== undefined;
}

/** Value of a field, the first where there are several. `name` is in lower case. */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1];
  return undefined;
}
