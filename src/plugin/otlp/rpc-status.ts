import { bytesField, fieldsOf, varintField } from './message.ts';

/** `google.rpc.Status`: the body of every OTLP error, and of `grpc-status-details-bin`. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  /** A `google.rpc.RetryInfo` among the details, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The gRPC status codes, by name. */
export const rpcCodes = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

export function encodeRpcStatus(status: RpcStatus): Uint8Array {
  const details = status.retryAfterMs === undefined ? [] : bytesField(3, retryInfo(status.retryAfterMs));
  return Uint8Array.from([...varintField(1, BigInt(status.code)), ...bytesField(2, status.message), ...details]);
}

/** The same in protobuf's JSON. */
export function rpcStatusToJson(status: RpcStatus): string {
  const { code, message, retryAfterMs } = status;
  const details = [{ '@type': retryInfoType, retryDelay: `${(retryAfterMs ?? 0) / 1000}s` }];
  return JSON.stringify({ code, message, ...(retryAfterMs !== undefined && { details }) });
}

function retryInfo(ms: number): number[] {
  const whole = Math.max(0, Math.round(ms));
  const duration = [
    ...varintField(1, BigInt(Math.floor(whole / 1000))),
    ...varintField(2, BigInt((whole % 1000) * 1_000_000)),
  ];
  // An empty Duration still has to be there: it says "at once".
  const delay = duration.length > 0 ? bytesField(1, duration) : [0x0a, 0];
  return [...bytesField(1, retryInfoType), ...bytesField(2, delay)];
}

/** Undefined where the bytes are no Status. */
export function decodeRpcStatus(bytes: Uint8Array): RpcStatus | undefined {
  try {
    let code = 0;
    let message = '';
    let retryAfterMs: number | undefined;
    for (const { number, value } of fieldsOf(bytes)) {
      if (number === 1 && typeof value === 'bigint') code = Number(BigInt.asIntN(32, value));
      else if (number === 2 && typeof value !== 'bigint') message = new TextDecoder().decode(value);
      else if (number === 3 && typeof value !== 'bigint') retryAfterMs ??= retryDelay(value);
    }
    return { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch {
    return undefined;
  }
}

function retryDelay(any: Uint8Array): number | undefined {
  let type = '';
  let info = new Uint8Array(0);
  for (const { number, value } of fieldsOf(any)) {
    if (typeof value === 'bigint') continue;
    if (number === 1) type = new TextDecoder().decode(value);
    else if (number === 2) info = Uint8Array.from(value);
  }
  return type.endsWith('/google.rpc.RetryInfo') ? delayIn(info) : undefined;
}

function delayIn(info: Uint8Array): number | undefined {
  for (const { number, value } of fieldsOf(info)) {
    if (number !== 1 || typeof value === 'bigint') continue;
    let ms = 0;
    for (const part of fieldsOf(value)) {
      if (typeof part.value !== 'bigint') continue;
      if (part.number === 1) ms += Number(BigInt.asIntN(64, part.value)) * 1000;
      else if (part.number === 2) ms += Number(BigInt.asIntN(32, part.value)) / 1e6;
    }
    return Math.max(0, Math.round(ms));
  }
  return undefined;
}
