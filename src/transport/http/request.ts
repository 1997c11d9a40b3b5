import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { HttpRequest, RequestFacts } from '../../plugin/index.ts';
import { subjectOf } from '../authenticate.ts';
import { hostPort } from '../listen/address.ts';

/** What is known of a request before its body is read. Headers and query are taken apart when somebody asks. */
export class RequestHead {
  readonly method: string;
  readonly path: string;
  readonly peer: string;
  private readonly message: IncomingMessage;
  private readonly search: string;
  private headerMap: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(message: IncomingMessage) {
    this.message = message;
    this.method = message.method ?? '';
    const target = originForm(message.url ?? '/');
    const mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.search = mark < 0 ? '' : target.slice(mark + 1);
    this.peer = peerOf(message);
  }

  get headers(): ReadonlyMap<string, readonly string[]> {
    this.headerMap ??= headerMap(this.message.rawHeaders);
    return this.headerMap;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  /** What an authenticator may look at. */
  facts(): RequestFacts {
    const socket = this.message.socket as TLSSocket;
    const subject = socket.encrypted && socket.authorized ? subjectOf(socket.getPeerCertificate()) : undefined;
    return { headers: this.headers, peer: this.peer, ...(subject !== undefined && { certificateSubject: subject }) };
  }

  /** The content type without its parameters, in lower case. */
  get contentType(): string {
    const value = this.message.headers['content-type'] ?? '';
    const end = value.indexOf(';');
    return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
  }
}

/** The whole request, for a handler. */
export class ReadRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly peer: string;
  readonly body: Uint8Array;
  readonly identity?: string;
  readonly tenant?: string;
  private readonly head: RequestHead;

  constructor(head: RequestHead, who: { readonly identity?: string; readonly tenant?: string }, body: Uint8Array) {
    this.head = head;
    this.method = head.method;
    this.path = head.path;
    this.peer = head.peer;
    this.body = body;
    if (who.identity !== undefined) this.identity = who.identity;
    if (who.tenant !== undefined) this.tenant = who.tenant;
  }

  get headers(): ReadonlyMap<string, readonly string[]> {
    return this.head.headers;
  }

  get query(): URLSearchParams {
    return this.head.query;
  }
}

/** Proxies send `http://host/path`; everyone else sends the path alone. */
function originForm(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function headerMap(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    const values = map.get(key);
    if (values === undefined) map.set(key, [value]);
    else values.push(value);
  }
  return map;
}

function peerOf({ socket }: IncomingMessage): string {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined || remotePort === undefined ? 'unix' : hostPort(remoteAddress, remotePort);
}
