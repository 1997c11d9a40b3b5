import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  rpcCodes,
  type Authenticated,
  type GrpcRequest,
  type GrpcStatus,
  type RequestFacts,
  type ServerAuthenticator,
} from '../../../plugin/index.ts';
import { authenticate, subjectOf, type Admission } from '../../authenticate.ts';
import { CompressionError } from '../../compression/index.ts';
import type { Surroundings } from '../../surroundings.ts';
import type { Exchange, Peer, Response } from '../server-connection.ts';
import { okAnswer, statusAnswer } from './answer.ts';
import type { CallHead } from './call-head.ts';
import { bodyLength, FramingError, prefixLength, unpack } from './message.ts';

export interface CallContext {
  readonly surroundings: Surroundings;
  readonly auth: ServerAuthenticator | undefined;
  /** Longest message after decompression. */
  readonly maxMessage: number;
}

const busy: GrpcStatus = { code: rpcCodes.UNAVAILABLE, message: 'too much data in flight', retryAfterMs: 1000 };

/** Thrown where a decompressed message has no room in the budget. */
class NoRoom extends Error {}

/** One call on the server. */
export class UnaryCall implements Exchange {
  readonly maxBody: number;
  readonly sizeHint = bodyLength;
  readonly deadline?: number;
  private readonly head: CallHead;
  private readonly peer: Peer;
  private readonly context: CallContext;
  /** What the caller hears, body or not, where it is not admitted. */
  readonly refused?: Promise<Response | undefined>;
  private readonly admission: Promise<Admission> | undefined;
  private held = 0;

  constructor(head: CallHead, peer: Peer, context: CallContext) {
    this.head = head;
    this.peer = peer;
    this.context = context;
    this.maxBody = context.maxMessage + prefixLength;
    if (head.timeout !== undefined) this.deadline = Date.now() + head.timeout;
    if (context.auth === undefined) return;
    this.admission = authenticate(context.auth, this.facts(), context.surroundings.logger);
    this.refused = this.admission.then((admitted) => ('who' in admitted ? undefined : statusAnswer(refusal(admitted))));
  }

  tooLarge(): Response {
    const message = `the message is larger than ${this.context.maxMessage} bytes`;
    return statusAnswer({ code: rpcCodes.RESOURCE_EXHAUSTED, message });
  }

  /** Bytes count from the moment they are here, so that unfinished requests are bounded as well. */
  received(bytes: number): Response | undefined {
    if (!this.context.surroundings.inflight.take(bytes)) return statusAnswer(busy);
    this.held += bytes;
    return undefined;
  }

  dropped(): void {
    this.release();
  }

  late(): Response {
    return statusAnswer({ code: rpcCodes.DEADLINE_EXCEEDED, message: 'the deadline has passed' });
  }

  handle(body: Buffer): Promise<Response> {
    return this.run(body)
      .then(answerTo, (error: unknown) => statusAnswer(this.failed(error)))
      .finally(() => this.release());
  }

  private async run(body: Buffer): Promise<Uint8Array | GrpcStatus> {
    let who: Authenticated = {};
    if (this.admission !== undefined) {
      const admitted = await this.admission;
      if (!('who' in admitted)) return refusal(admitted);
      who = admitted.who;
    }
    const { head, context } = this;
    const unpacked = unpack(body, head.encoding, context.maxMessage, (bytes) => this.grow(bytes));
    const message = unpacked instanceof Promise ? await unpacked : unpacked;
    return head.method.handler(
      new CallRequest(this.head, message, { peer: this.peer.address, deadline: this.deadline, who }),
    );
  }

  private grow(bytes: number): void {
    if (!this.context.surroundings.inflight.take(bytes)) throw new NoRoom();
    this.held += bytes;
  }

  private release(): void {
    this.context.surroundings.inflight.release(this.held);
    this.held = 0;
  }

  private failed(error: unknown): GrpcStatus {
    if (error instanceof NoRoom) return busy;
    if (error instanceof FramingError) return { code: rpcCodes.INTERNAL, message: error.message };
    if (error instanceof CompressionError) {
      const code = error.fault === 'too_large' ? rpcCodes.RESOURCE_EXHAUSTED : rpcCodes.INTERNAL;
      return { code, message: error.message };
    }
    const { logger } = this.context.surroundings;
    logger.error(
      { method: this.head.method.path, error: error instanceof Error ? error.stack : String(error) },
      'request handler failed',
    );
    return { code: rpcCodes.INTERNAL, message: 'internal error' };
  }

  private facts(): RequestFacts {
    const subject = subjectOnce(this.peer.socket);
    return {
      headers: this.head.metadata,
      peer: this.peer.address,
      ...(subject !== undefined && { certificateSubject: subject }),
    };
  }
}

const subjects = new WeakMap<Socket, { readonly subject: string | undefined }>();

/** A certificate is taken apart once a connection. */
function subjectOnce(socket: Socket): string | undefined {
  let known = subjects.get(socket);
  if (known === undefined) {
    known = { subject: subjectOf((socket as Partial<TLSSocket>).getPeerCertificate?.()) };
    subjects.set(socket, known);
  }
  return known.subject;
}

function answerTo(result: Uint8Array | GrpcStatus): Response {
  return result instanceof Uint8Array ? okAnswer(result) : statusAnswer(result);
}

function refusal({ refused, message }: Exclude<Admission, { readonly who: Authenticated }>): GrpcStatus {
  if (refused === 'unauthenticated') return { code: rpcCodes.UNAUTHENTICATED, message };
  if (refused === 'forbidden') return { code: rpcCodes.PERMISSION_DENIED, message };
  return { code: rpcCodes.UNAVAILABLE, message, retryAfterMs: 1000 };
}

/** A call for a handler. Its metadata is taken apart when somebody asks. */
class CallRequest implements GrpcRequest {
  readonly message: Uint8Array;
  readonly peer: string;
  readonly identity?: string;
  readonly tenant?: string;
  readonly deadline?: number;
  private readonly head: CallHead;

  constructor(
    head: CallHead,
    message: Uint8Array,
    from: { peer: string; deadline: number | undefined; who: Authenticated },
  ) {
    this.head = head;
    this.message = message;
    this.peer = from.peer;
    if (from.who.identity !== undefined) this.identity = from.who.identity;
    if (from.who.tenant !== undefined) this.tenant = from.who.tenant;
    if (from.deadline !== undefined) this.deadline = from.deadline;
  }

  get metadata(): ReadonlyMap<string, readonly string[]> {
    return this.head.metadata;
  }
}
