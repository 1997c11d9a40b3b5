import { rpcCodes, type GrpcHandler, type GrpcStatus } from '../../../plugin/index.ts';
import { isKnown } from '../../compression/index.ts';
import { fieldOf, type RequestHead } from '../field-rules.ts';
import type { Response } from '../server-connection.ts';
import { httpAnswer, statusAnswer } from './answer.ts';
import { parseTimeout } from './timeout.ts';

/** Encodings of messages, as gRPC names them. */
export const messageEncodings = 'identity,gzip,deflate,zstd';

export interface Method {
  readonly path: string;
  readonly handler: GrpcHandler;
}

/** What the headers of a call ask for. Calls with equal headers share it. */
export class CallHead {
  readonly method: Method;
  readonly encoding: string;
  /** Milliseconds from its arrival. */
  readonly timeout: number | undefined;
  private readonly fields: readonly string[];
  private known: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(method: Method, fields: readonly string[], timeout: number | undefined) {
    this.method = method;
    this.fields = fields;
    this.encoding = fieldOf(fields, 'grpc-encoding') ?? 'identity';
    this.timeout = timeout;
  }

  /** What the caller added; binary values stay in base64. */
  get metadata(): ReadonlyMap<string, readonly string[]> {
    this.known ??= metadataOf(this.fields);
    return this.known;
  }
}

/** What belongs to the protocol is no metadata. */
function isReserved(name: string): boolean {
  return name.startsWith('grpc-') || name === 'content-type' || name === 'te' || name === 'accept-encoding';
}

function metadataOf(fields: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const metadata = new Map<string, string[]>();
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    if (isReserved(name)) continue;
    const value = fields[at + 1] as string;
    const values = name.endsWith('-bin') ? value.split(',').map(paddedBase64) : [value];
    const found = metadata.get(name);
    if (found === undefined) metadata.set(name, values);
    else found.push(...values);
  }
  return metadata;
}

function paddedBase64(value: string): string {
  return Buffer.from(value, 'base64').toString('base64');
}

/** Reads the headers of a call, or answers what cannot be one. */
export function callHead(head: RequestHead, methods: ReadonlyMap<string, Method>): CallHead | Response {
  const { fields } = head;
  if (head.tooLarge) return refusal({ code: rpcCodes.RESOURCE_EXHAUSTED, message: 'the metadata is too large' });
  if (head.method !== 'POST') return httpAnswer(405);
  const type = fieldOf(fields, 'content-type') ?? '';
  if (type !== 'application/grpc' && !/^application\/grpc[+;]/.test(type)) return httpAnswer(415);
  const method = methods.get(head.path);
  if (method === undefined)
    return refusal({ code: rpcCodes.UNIMPLEMENTED, message: `unknown method ${head.path.slice(0, 200)}` });
  const given = fieldOf(fields, 'grpc-timeout');
  const timeout = given === undefined ? undefined : parseTimeout(given);
  if (given !== undefined && timeout === undefined)
    return refusal({ code: rpcCodes.INTERNAL, message: 'malformed grpc-timeout' });
  const call = new CallHead(method, fields, timeout);
  if (isKnown(call.encoding)) return call;
  const message = `unsupported grpc-encoding "${call.encoding.slice(0, 60)}"`;
  return statusAnswer({ code: rpcCodes.UNIMPLEMENTED, message }, ['grpc-accept-encoding', messageEncodings]);
}

function refusal(status: GrpcStatus): Response {
  return statusAnswer(status);
}
