import { grpcServer, httpServerFields, z } from 'sluice/plugin';

/** `grpc:` without anything after it means: with the defaults. */
const present = (value: unknown): unknown => (value === null ? {} : value);

const http = z.strictObject({
  ...httpServerFields('localhost:4318'),
  traces_url_path: z.string().startsWith('/').default('/v1/traces').describe('Path that takes traces.'),
  metrics_url_path: z.string().startsWith('/').default('/v1/metrics').describe('Path that takes metrics.'),
  logs_url_path: z.string().startsWith('/').default('/v1/logs').describe('Path that takes logs.'),
  profiles_url_path: z
    .string()
    .startsWith('/')
    .optional()
    .describe('Taken for compatibility; profiles are not received.'),
});

export const config = z.strictObject({
  protocols: z
    .strictObject({
      grpc: z.preprocess(present, grpcServer('localhost:4317').optional()).describe('OTLP over gRPC.'),
      http: z.preprocess(present, http.optional()).describe('OTLP over HTTP, protobuf and JSON.'),
    })
    .refine(
      ({ grpc, http }) => grpc !== undefined || http !== undefined,
      'must specify at least one protocol: grpc or http',
    )
    .describe('What is spoken.'),
});

export type GrpcConfig = z.output<ReturnType<typeof grpcServer>>;
export type HttpConfig = z.output<typeof http>;
