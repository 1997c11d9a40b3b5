/**
 * What extensions can do for other components, by name. A component asks for one with `context.extension(id, 'storage')`.
 * Third-party capabilities are added by declaration merging.
 */
export interface Capabilities {
  /** Checks who sends a request, before its body is read. */
  serverAuth: ServerAuthenticator;
  /** Adds credentials to outgoing requests. */
  clientAuth: ClientAuthenticator;
  /** Keeps small state and queues across restarts. */
  storage: StorageProvider;
}

export type Capability = keyof Capabilities;

/** What of a request an authenticator may look at. Header keys are in lower case. */
export interface RequestFacts {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly peer: string;
  /** Subject of the verified client certificate, where there is one. */
  readonly certificateSubject?: string;
}

export interface Authenticated {
  readonly identity?: string;
  readonly tenant?: string;
}

export interface ServerAuthenticator {
  /** Undefined means: not authenticated; the request is answered 401 or UNAUTHENTICATED. */
  authenticate(request: RequestFacts): Authenticated | undefined | Promise<Authenticated | undefined>;
  /** The scheme for WWW-Authenticate, `Bearer` or `Basic realm="…"`. */
  readonly challenge: string;
}

/** What an authenticator may look at of a request that is about to be sent. */
export interface OutgoingFacts {
  /** What the sender of the batch brought along, keys in lower case; where its receiver keeps it. */
  readonly headers?: ReadonlyMap<string, readonly string[]>;
  readonly identity?: string;
  readonly tenant?: string;
  /** The headers that the request has so far, keys in lower case. */
  readonly outgoing?: ReadonlyMap<string, string>;
}

export interface ClientAuthenticator {
  /**
   * Headers to set on a request, in place of those of the same name; undefined takes one away. What it throws is the outcome of
   * the request: RetryableError where credentials cannot be had now.
   */
  headers(
    context: OutgoingFacts,
  ): Promise<Readonly<Record<string, string | undefined>>> | Readonly<Record<string, string | undefined>>;
}

/** Small named values that survive a restart. Values are at most 1 MiB each. */
export interface Storage {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Resolves when the value is safe on disk, where the storage has a disk. */
  set(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface StorageProvider {
  /** The storage of one component; `owner` is its id, kind included, for example `receiver/file_log/app`. */
  open(owner: string): Promise<Storage>;
  /** A folder on disk in which the engine may keep queues; left out where the storage has none. */
  readonly directory?: string;
}
