import { z } from 'zod';
import { byteSize, duration, secretHeaders } from './scalars.ts';
import { tlsClient, tlsServer } from './tls.ts';

const MiB = 1024 * 1024;

export const auth = z
  .strictObject({
    authenticator: z.string().describe('Id of the extension that authenticates.'),
    request_params: z
      .array(z.string())
      .default([])
      .describe('Taken for compatibility; every authenticator sees the headers.'),
  })
  .optional()
  .describe('Authentication by an extension.');

/** Compression of a request; `none` and the empty string switch it off. */
export const compression = z
  .enum(['gzip', 'zstd', 'deflate', 'zlib', 'none', ''])
  .default('gzip')
  .describe('How requests are compressed.');

export const compressionParams = z
  .strictObject({
    level: z.number().int().optional().describe('Compression level; -1 or left out is the default of the method.'),
  })
  .optional()
  .describe('Details of the compression.');

/** Options of every HTTP server, with the Collector's names. `endpoint` is the receiver's default. */
export function httpServerFields(endpoint: string) {
  return {
    endpoint: z.string().default(endpoint).describe('Address to listen on, `host:port`, or `unix:///path`.'),
    transport: z
      .enum(['lean', 'node'])
      .default('lean')
      .describe('What speaks HTTP: our own server, or that of the runtime, node:http.'),
    tls: tlsServer,
    auth,
    cors: z
      .strictObject({
        allowed_origins: z
          .array(z.string())
          .default([])
          .describe('Origins that browsers may send from; `*` is a wildcard within one.'),
        allowed_headers: z
          .array(z.string())
          .default([])
          .describe('Headers that browsers may send beside the safe ones.'),
        exposed_headers: z.array(z.string()).default([]).describe('Response headers that browsers may read.'),
        max_age: z
          .number()
          .int()
          .nonnegative()
          .default(0)
          .describe('Seconds for which browsers may remember the answer.'),
      })
      .optional()
      .describe('Cross-origin requests; off unless origins are listed.'),
    max_request_body_size: byteSize()
      .default(64 * MiB)
      .describe('Largest request after decompression, in bytes.'),
    include_metadata: z
      .boolean()
      .default(false)
      .describe('Keep request headers with the data, for later routing and exporting.'),
    response_headers: secretHeaders().default({}).describe('Headers to add to every answer.'),
    compression_algorithms: z
      .array(z.string())
      .default(['', 'gzip', 'zstd', 'zlib', 'deflate'])
      .describe('Content encodings that are taken.'),
    read_timeout: duration().default(30_000).describe('Longest time for reading a whole request; 0 is unbounded.'),
    read_header_timeout: duration()
      .default(60_000)
      .describe('Longest time for reading the request headers; 0 is unbounded.'),
    write_timeout: duration().default(0).describe('Longest time for writing an answer; 0 is unbounded.'),
    idle_timeout: duration().default(60_000).describe('How long an idle connection is kept.'),
    keep_alives_enabled: z.boolean().default(true).describe('Keep connections for further requests.'),
    max_connections: z
      .number()
      .int()
      .positive()
      .default(10_000)
      .describe('Most connections at a time; more are refused.'),
  };
}

export function httpServer(endpoint: string) {
  return z.strictObject(httpServerFields(endpoint));
}

export type HttpServerConfig = z.output<ReturnType<typeof httpServer>>;

/** Options of every HTTP client but the endpoint, with the Collector's names. */
export const httpClientFields = {
  tls: tlsClient,
  auth,
  headers: secretHeaders().default({}).describe('Headers to add to every request.'),
  compression,
  compression_params: compressionParams,
  proxy_url: z.string().optional().describe('HTTP proxy to go through.'),
  read_buffer_size: byteSize().default(0).describe('Taken for compatibility; the runtime sizes its own buffers.'),
  write_buffer_size: byteSize()
    .default(512 * 1024)
    .describe('Taken for compatibility; the runtime sizes its own buffers.'),
  max_idle_conns: z.number().int().nonnegative().default(100).describe('Most connections to the destination.'),
  idle_conn_timeout: duration().default(90_000).describe('How long an idle connection is kept.'),
};

export const httpClientConfig = z.strictObject(httpClientFields);
export type HttpClientConfig = z.output<typeof httpClientConfig>;
