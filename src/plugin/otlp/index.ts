export { partialSuccess, partialSuccessFromJson } from './partial-success.ts';
export { decodeRpcStatus, encodeRpcStatus, rpcCodes, rpcStatusToJson, type RpcStatus } from './rpc-status.ts';
