import { encodeRpcStatus, rpcCodes, rpcStatusToJson, type HttpServerOptions } from 'sluice/plugin';

export const json = 'application/json';
export const protobuf = ['application/x-protobuf', 'application/protobuf'] as const;

export function isJson(contentType: string): boolean {
  return contentType.trimStart().toLowerCase().startsWith(json);
}

const codes: Readonly<Record<number, number>> = {
  400: rpcCodes.INVALID_ARGUMENT,
  401: rpcCodes.UNAUTHENTICATED,
  403: rpcCodes.PERMISSION_DENIED,
  404: rpcCodes.NOT_FOUND,
  405: rpcCodes.UNIMPLEMENTED,
  413: rpcCodes.RESOURCE_EXHAUSTED,
  415: rpcCodes.INVALID_ARGUMENT,
  429: rpcCodes.RESOURCE_EXHAUSTED,
  500: rpcCodes.INTERNAL,
  503: rpcCodes.UNAVAILABLE,
};

/** OTLP: the body of an error is a `google.rpc.Status` in the request's encoding; JSON where that is neither of ours. */
export const errorBody: NonNullable<HttpServerOptions['errorBody']> = (status, message, requestContentType) => {
  const rpc = { code: codes[status] ?? rpcCodes.UNKNOWN, message };
  const binary = protobuf.find((type) => type === requestContentType);
  if (binary !== undefined) return { contentType: binary, body: encodeRpcStatus(rpc) };
  return { contentType: json, body: rpcStatusToJson(rpc) };
};
