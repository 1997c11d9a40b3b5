import { PermanentError, RetryableError, rpcCodes, type GrpcStatus } from 'sluice/plugin';

/** Statuses that OTLP lets a client send again, RESOURCE_EXHAUSTED aside. */
const retryable: ReadonlySet<number> = new Set([
  rpcCodes.CANCELLED,
  rpcCodes.DEADLINE_EXCEEDED,
  rpcCodes.ABORTED,
  rpcCodes.OUT_OF_RANGE,
  rpcCodes.UNAVAILABLE,
  rpcCodes.DATA_LOSS,
]);

const names: ReadonlyMap<number, string> = new Map(Object.entries(rpcCodes).map(([name, code]) => [code, name]));

/** The error that a status means. */
export function errorOf({ code, message, retryAfterMs }: GrpcStatus): RetryableError | PermanentError {
  const name = names.get(code) ?? `status ${code}`;
  const described = message === '' ? name : `${name}: ${message}`;
  const exhausted = code === rpcCodes.RESOURCE_EXHAUSTED;
  // Every implementation of gRPC words it so.
  if (exhausted && /larger than max|larger than \d|exceeds maximum/i.test(message))
    return new PermanentError(described, { tooLarge: true });
  if (retryable.has(code) || (exhausted && retryAfterMs !== undefined)) {
    return new RetryableError(described, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  return new PermanentError(described, { badData: code === rpcCodes.INVALID_ARGUMENT });
}
