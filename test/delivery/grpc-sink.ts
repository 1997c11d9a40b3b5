import { Server, ServerCredentials, type Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { otlpMethods } from '../../src/plugin/index.ts';
import { idsIn } from './records.ts';

/** Undefined is OK. */
export interface GrpcAnswer {
  readonly code: number;
  readonly details: string;
  readonly metadata?: Metadata;
}

export interface GrpcSinkOptions {
  readonly answer: (ids: readonly number[]) => GrpcAnswer | undefined;
  readonly taken?: (ids: readonly number[]) => void;
  /** Most bytes of a message; 4 MiB where it is left out. */
  readonly maxMessage?: number;
}

export interface GrpcSink {
  readonly endpoint: string;
  close(): void;
}

/** A destination for OTLP over gRPC, made of the gRPC library that is not ours. */
export async function openGrpcSink({ answer, taken, maxMessage }: GrpcSinkOptions): Promise<GrpcSink> {
  const server = new Server({ 'grpc.max_receive_message_length': maxMessage ?? 4 * 1024 * 1024 });
  const pass = (bytes: Buffer): Buffer => bytes;
  const method = {
    path: otlpMethods.logs,
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  } as const;
  const serve = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
    const ids = idsIn(call.request);
    const status = answer(ids);
    if (status === undefined) taken?.(ids);
    if (status === undefined) done(null, Buffer.alloc(0));
    else done({ name: 'status', message: status.details, ...status });
  };
  server.addService({ export: method }, { export: serve });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
