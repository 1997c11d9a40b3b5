import { rpcCodes, type GrpcStatus } from '../../../plugin/index.ts';
import { CompressionError } from '../../compression/index.ts';
import { detailsKey, receivedStatus } from '../../grpc/status-details.ts';
import type { SizeHint } from '../../socket/body.ts';
import type { Answer, RequestError } from '../client-connection.ts';
import { errorCode } from '../codes.ts';
import { fieldOf, type ResponseHead } from '../field-rules.ts';
import { bodyLength, FramingError, unpack } from './message.ts';
import { percentDecode } from './percent.ts';

/** OTLP: a client must not read answers of any size. */
export const maxAnswer = 4 * 1024 * 1024;

/** What gRPC makes of an answer from something that does not speak it. */
const httpCodes: ReadonlyMap<number, number> = new Map([
  [400, rpcCodes.INTERNAL],
  [401, rpcCodes.UNAUTHENTICATED],
  [403, rpcCodes.PERMISSION_DENIED],
  [404, rpcCodes.UNIMPLEMENTED],
  [429, rpcCodes.UNAVAILABLE],
  [502, rpcCodes.UNAVAILABLE],
  [503, rpcCodes.UNAVAILABLE],
  [504, rpcCodes.UNAVAILABLE],
]);

function notGrpc({ status }: ResponseHead): GrpcStatus {
  if (status === 200) return { code: rpcCodes.UNKNOWN, message: 'the answer has no grpc-status' };
  return { code: httpCodes.get(status) ?? rpcCodes.UNKNOWN, message: `the server answered HTTP ${status}` };
}

/** Only what speaks gRPC says a length at its start; the page of a proxy does not. */
export function answerLength({ status, fields }: ResponseHead): SizeHint | undefined {
  const speaks = status === 200 && fieldOf(fields, 'content-type')?.startsWith('application/grpc') === true;
  return speaks ? bodyLength : undefined;
}

/** The message, or the status that the server gave. */
export function readAnswer(answer: Answer): Uint8Array | GrpcStatus | Promise<Uint8Array | GrpcStatus> {
  const { head, body, trailers } = answer;
  const last = trailers ?? head.fields;
  const given = fieldOf(last, 'grpc-status');
  if (given === undefined) return notGrpc(head);
  if (given !== '0') return statusOf(given, last);
  try {
    const message = unpack(body, fieldOf(head.fields, 'grpc-encoding') ?? 'identity', maxAnswer);
    return message instanceof Promise ? message.catch(unreadable) : message;
  } catch (error) {
    return unreadable(error);
  }
}

function statusOf(given: string, fields: readonly string[]): GrpcStatus {
  const code = /^\d{1,4}$/.test(given) ? Number(given) : rpcCodes.UNKNOWN;
  const details = fieldOf(fields, detailsKey);
  return receivedStatus(
    code > 16 ? rpcCodes.UNKNOWN : code,
    percentDecode(fieldOf(fields, 'grpc-message') ?? ''),
    details === undefined ? undefined : Buffer.from(details, 'base64'),
  );
}

function unreadable(error: unknown): GrpcStatus {
  if (error instanceof CompressionError && error.fault === 'too_large') {
    return { code: rpcCodes.RESOURCE_EXHAUSTED, message: `the answer has ${error.message}` };
  }
  if (error instanceof CompressionError || error instanceof FramingError) {
    return { code: rpcCodes.INTERNAL, message: `the answer cannot be read: ${error.message}` };
  }
  throw error;
}

/** What gRPC makes of a stream that the server reset. */
const resetCodes: ReadonlyMap<number, number> = new Map([
  [errorCode.refusedStream, rpcCodes.UNAVAILABLE],
  [errorCode.cancel, rpcCodes.CANCELLED],
  [errorCode.enhanceYourCalm, rpcCodes.RESOURCE_EXHAUSTED],
  [errorCode.inadequateSecurity, rpcCodes.PERMISSION_DENIED],
]);

/** The status of a call that has no answer. */
export function statusOfFailure(error: RequestError): GrpcStatus {
  const { message, head } = error;
  if (head !== undefined && head.status !== 200) return notGrpc(head);
  if (error.kind === 'lost' || error.kind === 'unprocessed') return { code: rpcCodes.UNAVAILABLE, message };
  if (error.kind === 'too_large') return { code: rpcCodes.RESOURCE_EXHAUSTED, message };
  if (error.kind === 'malformed') return { code: rpcCodes.INTERNAL, message };
  return { code: resetCodes.get(error.code) ?? rpcCodes.INTERNAL, message };
}
