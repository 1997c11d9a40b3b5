import type { ServerOptions } from '@grpc/grpc-js';
import type { GrpcServerConfig } from '../../../plugin/index.ts';

/** What of a server's configuration the library knows. It has no say in how often clients may ping. */
export function serverOptions(config: GrpcServerConfig): ServerOptions {
  const { server_parameters: keepalive } = config.keepalive;
  return {
    'grpc.max_receive_message_length': config.max_recv_msg_size_mib * 1024 * 1024,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': config.max_concurrent_streams,
    'grpc.keepalive_time_ms': keepalive.time,
    'grpc.keepalive_timeout_ms': keepalive.timeout,
    ...(keepalive.max_connection_idle !== undefined && {
      'grpc.max_connection_idle_ms': keepalive.max_connection_idle,
    }),
    ...(keepalive.max_connection_age !== undefined && { 'grpc.max_connection_age_ms': keepalive.max_connection_age }),
    ...(keepalive.max_connection_age_grace !== undefined && {
      'grpc.max_connection_age_grace_ms': keepalive.max_connection_age_grace,
    }),
    'grpc.enable_channelz': 0,
  };
}
