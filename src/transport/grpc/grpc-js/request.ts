import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { Authenticated, GrpcRequest } from '../../../plugin/index.ts';
import { metadataMap } from './metadata.ts';

/** A call for a handler. Its metadata is taken apart when somebody asks. */
export class UnaryRequest implements GrpcRequest {
  readonly message: Uint8Array;
  readonly peer: string;
  readonly identity?: string;
  readonly tenant?: string;
  readonly deadline?: number;
  private readonly call: ServerUnaryCall<Buffer, Buffer>;

  constructor(call: ServerUnaryCall<Buffer, Buffer>, who: Authenticated) {
    this.call = call;
    this.message = call.request;
    const peer = call.getPeer();
    this.peer = peer === 'unknown' ? 'unix' : peer;
    if (who.identity !== undefined) this.identity = who.identity;
    if (who.tenant !== undefined) this.tenant = who.tenant;
    const deadline = Number(call.getDeadline());
    if (Number.isFinite(deadline)) this.deadline = deadline;
  }

  get metadata(): ReadonlyMap<string, readonly string[]> {
    return metadataMap(this.call.metadata);
  }
}
