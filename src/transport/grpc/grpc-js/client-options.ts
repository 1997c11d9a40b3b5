import { compressionAlgorithms, type ClientOptions } from '@grpc/grpc-js';
import type { GrpcClientConfig } from '../../../plugin/index.ts';

const algorithms: Readonly<Record<string, number>> = {
  gzip: compressionAlgorithms.gzip,
  deflate: compressionAlgorithms.deflate,
  zlib: compressionAlgorithms.deflate,
};

/** OTLP: a client must not read answers of any size. */
const maxAnswer = 4 * 1024 * 1024;

/** What of a client's configuration the library knows. Retries are the engine's, so its own are off. */
export function clientOptions(config: GrpcClientConfig): ClientOptions {
  const algorithm = algorithms[config.compression];
  const { keepalive, tls } = config;
  return {
    'grpc.max_receive_message_length': maxAnswer,
    'grpc.max_send_message_length': -1,
    'grpc.enable_retries': 0,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [config.balancer_name]: {} }] }),
    'grpc.service_config_disable_resolution': 1,
    // The library's own two minutes would go on after the destination is back.
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 5000,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    'grpc.primary_user_agent': config.user_agent ?? 'sluice',
    ...(algorithm !== undefined && { 'grpc.default_compression_algorithm': algorithm }),
    ...(config.authority !== undefined && { 'grpc.default_authority': config.authority }),
    ...(tls.server_name_override !== undefined && { 'grpc.ssl_target_name_override': tls.server_name_override }),
    ...(keepalive !== undefined && {
      'grpc.keepalive_time_ms': keepalive.time,
      'grpc.keepalive_timeout_ms': keepalive.timeout,
      'grpc.keepalive_permit_without_calls': keepalive.permit_without_stream ? 1 : 0,
    }),
  };
}
