import type { HttpRequest, RequestFacts } from '../../plugin/index.ts';
import type { Incoming } from './incoming.ts';

/** A request as handlers and authenticators see it. Headers and query are taken apart when somebody asks. */
export class ServedRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly peer: string;
  identity?: string;
  tenant?: string;
  /** Empty until it is read. */
  body: Uint8Array = empty;
  private readonly incoming: Incoming;
  private readonly search: string;
  private headerMap: ReadonlyMap<string, readonly string[]> | undefined;
  private type: string | undefined;

  constructor(incoming: Incoming) {
    this.incoming = incoming;
    this.method = incoming.method;
    this.peer = incoming.peer;
    const target = originForm(incoming.target);
    const mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.search = mark < 0 ? '' : target.slice(mark + 1);
  }

  get headers(): ReadonlyMap<string, readonly string[]> {
    this.headerMap ??= this.incoming.headers();
    return this.headerMap;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  /** What an authenticator may look at. */
  facts(): RequestFacts {
    const subject = this.incoming.certificateSubject();
    return { headers: this.headers, peer: this.peer, ...(subject !== undefined && { certificateSubject: subject }) };
  }

  /** The content type without its parameters, in lower case. */
  get contentType(): string {
    this.type ??= essence(this.incoming.header('content-type') ?? '');
    return this.type;
  }
}

const empty = new Uint8Array(0);

function essence(type: string): string {
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase();
}

/** Proxies send `http://host/path`; everyone else sends the path alone. */
function originForm(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
