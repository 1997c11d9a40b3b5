/** Where the bytes of a body go. */
export interface BodySink {
  /** A part of it: a view that is good until this returns, unless it is the sink's `own` to keep. */
  piece(bytes: Buffer, own: boolean): void;
  end(): void;
  /** The rest will not come. */
  fail(error: Error): void;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. Length and connection are the transport's own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** The connection ends with it. */
  readonly last: boolean;
  /** Bytes of a body that nobody reads which may still come. What is longer ends the connection. */
  readonly allowance: number;
}

/** A request of which the head is there. Either server, ours or node:http, hands these to the service. */
export interface Incoming {
  readonly method: string;
  /** As it was sent: a path with its query, or a whole URL. */
  readonly target: string;
  /** Bytes that the sender announced; 0 where there is no body, undefined where its length is open. */
  readonly length: number | undefined;
  /** The sender waits for `100 Continue` before it sends the body; false once it has been told. */
  readonly expecting: boolean;
  /** `host:port`, or `unix`. */
  readonly peer: string;
  readonly answered: boolean;
  /** The value of a header, those of several joined by commas. `name` is in lower case. */
  header(name: string): string | undefined;
  /** Every header, keys in lower case. */
  headers(): ReadonlyMap<string, readonly string[]>;
  /** The subject of the verified certificate of the sender. */
  certificateSubject(): string | undefined;
  /** Asks for the body; to be called at most once. Nothing more goes into the sink after an answer. */
  read(sink: BodySink): void;
  /** Keeps the sender from sending more of the body. */
  pause(): void;
  resume(): void;
  /** Throws an Error where a header cannot be written; nothing is sent then. */
  answer(answer: Answer): void;
  /** Closes the connection at once. */
  cut(): void;
}

/** The sender went away before its request was whole. Nobody is left to be answered. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** Bytes that are not as the protocol wants them, or do not come. `status` is the answer, and the connection ends with it. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
