import { decodeRpcStatus, encodeRpcStatus, type GrpcStatus } from '../../plugin/index.ts';

/** The trailer that carries a whole `google.rpc.Status`. */
export const detailsKey = 'grpc-status-details-bin';

/** What goes into that trailer; undefined where code and message say everything. */
export function statusDetails(status: GrpcStatus): Uint8Array | undefined {
  return status.retryAfterMs === undefined ? undefined : encodeRpcStatus(status);
}

/** A status as it came in: code and message of the trailers, and the wait that the details ask for. */
export function receivedStatus(code: number, message: string, details: Uint8Array | undefined): GrpcStatus {
  const retryAfterMs = details === undefined ? undefined : decodeRpcStatus(details)?.retryAfterMs;
  return { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
