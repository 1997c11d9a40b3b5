import type { GrpcStatus } from '../../../plugin/index.ts';
import { detailsKey, statusDetails } from '../../grpc/status-details.ts';
import { FixedHeaders } from '../hpack/encoder.ts';
import type { Response } from '../server-connection.ts';
import { framed } from './message.ts';
import { percentEncode } from './percent.ts';

const head = new FixedHeaders([':status', '200', 'content-type', 'application/grpc']);
const okTrailers = new FixedHeaders(['grpc-status', '0']);

/** The answer to a call that ended well. */
export function okAnswer(message: Uint8Array): Response {
  return { headers: head, body: framed(message), trailers: okTrailers };
}

/** The answer to a call that ended with a status: headers alone. `more` are further headers. */
export function statusAnswer(status: GrpcStatus, more: readonly string[] = []): Response {
  const fields = ['grpc-status', String(status.code), ...more];
  if (status.message !== '') fields.push('grpc-message', percentEncode(status.message));
  const details = statusDetails(status);
  if (details !== undefined) fields.push(detailsKey, Buffer.from(details).toString('base64').replace(/=+$/, ''));
  return { headers: head, more: fields };
}

/** The answer to what is no gRPC call at all. */
export function httpAnswer(status: number): Response {
  return { headers: [':status', String(status), 'content-length', '0'] };
}
