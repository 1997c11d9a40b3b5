import type { Batch, Signal } from '../wire/index.ts';
import type { ClientAuthenticator, ServerAuthenticator } from './capabilities.ts';
import type { GrpcClientConfig, GrpcServerConfig, HttpClientConfig, HttpServerConfig } from './groups/index.ts';

/** Servers and clients for any component. Limits, TLS, authentication and compression come with them. */
export interface Transport {
  serveHttp(options: HttpServerOptions): Promise<Listener>;
  serveGrpc(options: GrpcServerOptions): Promise<Listener>;
  httpClient(options: HttpClientOptions): HttpClient;
  grpcClient(options: GrpcClientOptions): GrpcClient;
}

export interface Listener {
  /** What it really listens on: `127.0.0.1:4318`, or a socket path. */
  readonly address: string;
  /** Accepts nothing new, lets requests end until `deadline` (milliseconds since the epoch), then cuts. */
  close(deadline: number): Promise<void>;
}

// ---- HTTP

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Keys in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly peer: string;
  readonly identity?: string;
  readonly tenant?: string;
  /** The whole body, decompressed; within the configured limit. */
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** Answers one request. What it throws becomes a 500, and is logged. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;

export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Content types that are taken; anything else is a 415. Left out: all. */
  readonly contentTypes?: readonly string[];
  readonly handler: HttpHandler;
}

export interface HttpServerOptions {
  readonly config: HttpServerConfig;
  readonly routes: readonly HttpRoute[];
  readonly auth?: ServerAuthenticator;
  /** Gives an error its body: the transport's own refusals (401, 413, 415, 503…) as well as a handler's. */
  readonly errorBody?: (
    status: number,
    message: string,
    requestContentType: string,
  ) => { readonly contentType: string; readonly body: Uint8Array | string };
}

export interface HttpClientOptions {
  readonly config: HttpClientConfig;
  readonly auth?: ClientAuthenticator;
  /** Longest response body that is read, in bytes; 64 KiB where it is left out. */
  readonly maxResponseBytes?: number;
}

export interface HttpClientResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
  /** From Retry-After, seconds or date, in milliseconds. */
  readonly retryAfterMs?: number;
}

export interface HttpClient {
  /** Compresses as configured, sends, reads the answer. Throws RetryableError when no answer came. */
  request(request: {
    readonly method?: string;
    /** Absolute. */
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
    readonly signal: AbortSignal;
    readonly batch?: Pick<Batch, 'meta'>;
  }): Promise<HttpClientResponse>;
  close(): Promise<void>;
}

// ---- gRPC, unary calls

export interface GrpcRequest {
  readonly message: Uint8Array;
  /** Keys in lower case. */
  readonly metadata: ReadonlyMap<string, readonly string[]>;
  readonly peer: string;
  readonly identity?: string;
  readonly tenant?: string;
  /** From grpc-timeout, in milliseconds since the epoch. */
  readonly deadline?: number;
}

/** A call that ended with a status other than OK. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  /** Becomes a RetryInfo in grpc-status-details-bin. */
  readonly retryAfterMs?: number;
}

export type GrpcHandler = (request: GrpcRequest) => Promise<Uint8Array | GrpcStatus>;

export interface GrpcServerOptions {
  readonly config: GrpcServerConfig;
  /** Unary methods by full name: `/opentelemetry.proto.collector.logs.v1.LogsService/Export`. */
  readonly methods: Readonly<Record<string, GrpcHandler>>;
  readonly auth?: ServerAuthenticator;
}

export interface GrpcClientOptions {
  readonly config: GrpcClientConfig;
  readonly auth?: ClientAuthenticator;
}

export interface GrpcClient {
  /** The answer, or the status that the server gave. Statuses made on this side (no connection, timeout) come the same way. */
  call(request: {
    readonly method: string;
    readonly message: Uint8Array;
    readonly signal: AbortSignal;
    readonly batch?: Pick<Batch, 'meta'>;
  }): Promise<Uint8Array | GrpcStatus>;
  close(): Promise<void>;
}

/** The Export method of each signal's OTLP service. */
export const otlpMethods: Readonly<Record<Signal, string>> = {
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
};
