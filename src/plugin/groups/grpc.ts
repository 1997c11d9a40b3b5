import { z } from 'zod';
import { auth, compression } from './http.ts';
import { byteSize, duration, secretHeaders } from './scalars.ts';
import { tlsClient, tlsServer } from './tls.ts';

/** Options of every gRPC server, with the Collector's names. */
export function grpcServerFields(endpoint: string) {
  return {
    endpoint: z.string().default(endpoint).describe('Address to listen on, `host:port`, or `unix:///path`.'),
    transport: z
      .enum(['tcp', 'unix', 'grpc_js'])
      .default('tcp')
      .describe('Kind of socket; `grpc_js` has the library of that name speak gRPC in place of our own HTTP/2.'),
    tls: tlsServer,
    auth,
    max_recv_msg_size_mib: z
      .number()
      .int()
      .positive()
      .default(64)
      .describe('Largest message after decompression, in MiB.'),
    max_concurrent_streams: z
      .number()
      .int()
      .positive()
      .default(128)
      .describe('Most calls at a time on one connection.'),
    read_buffer_size: byteSize()
      .default(512 * 1024)
      .describe('Taken for compatibility; the runtime sizes its own buffers.'),
    write_buffer_size: byteSize()
      .default(32 * 1024)
      .describe('Taken for compatibility; the runtime sizes its own buffers.'),
    keepalive: z
      .strictObject({
        server_parameters: z
          .strictObject({
            max_connection_idle: duration().optional().describe('Close a connection without calls after this long.'),
            max_connection_age: duration()
              .optional()
              .describe('Close a connection after this long, so that load spreads anew.'),
            max_connection_age_grace: duration().optional().describe('How long calls may go on after that.'),
            time: duration().default(7_200_000).describe('Ping a silent client after this long.'),
            timeout: duration().default(20_000).describe('Close when the ping is not answered within this time.'),
          })
          .prefault({})
          .describe('What the server does by itself.'),
        enforcement_policy: z
          .strictObject({
            min_time: duration().default(300_000).describe('Clients that ping more often are cut off.'),
            permit_without_stream: z.boolean().default(false).describe('Allow pings while no call is under way.'),
          })
          .prefault({})
          .describe('What clients may do.'),
      })
      .prefault({})
      .describe('Pings and the age of connections.'),
    include_metadata: z
      .boolean()
      .default(false)
      .describe('Keep request metadata with the data, for later routing and exporting.'),
  };
}

export function grpcServer(endpoint: string) {
  return z.strictObject(grpcServerFields(endpoint));
}

export type GrpcServerConfig = z.output<ReturnType<typeof grpcServer>>;

/** Options of every gRPC client, with the Collector's names. */
export const grpcClientFields = {
  endpoint: z
    .string()
    .min(1)
    .describe(
      'Where to send: `host:port`, `http://host:port` (plain text), `https://host:port`, `dns:///host:port`, `unix:///path`.',
    ),
  transport: z
    .enum(['lean', 'grpc_js'])
    .default('lean')
    .describe('What speaks gRPC: our own HTTP/2, or the library @grpc/grpc-js.'),
  tls: tlsClient,
  auth,
  compression,
  headers: secretHeaders().default({}).describe('Metadata to add to every call.'),
  balancer_name: z
    .enum(['round_robin', 'pick_first'])
    .default('round_robin')
    .describe('How calls spread over the addresses of a `dns:///` endpoint.'),
  keepalive: z
    .strictObject({
      time: duration().default(10_000).describe('Ping a silent server after this long.'),
      timeout: duration().default(10_000).describe('Close when the ping is not answered within this time.'),
      permit_without_stream: z.boolean().default(false).describe('Ping also while no call is under way.'),
    })
    .optional()
    .describe('Pings.'),
  wait_for_ready: z.boolean().default(false).describe('Wait for a connection instead of failing at once.'),
  read_buffer_size: byteSize()
    .default(32 * 1024)
    .describe('Taken for compatibility; the runtime sizes its own buffers.'),
  write_buffer_size: byteSize()
    .default(512 * 1024)
    .describe('Taken for compatibility; the runtime sizes its own buffers.'),
  user_agent: z.string().optional().describe('User agent to name.'),
  authority: z.string().optional().describe('Value of the :authority header.'),
};

export const grpcClientConfig = z.strictObject(grpcClientFields);
export type GrpcClientConfig = z.output<typeof grpcClientConfig>;
