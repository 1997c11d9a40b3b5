export { byteSize, duration, parseByteSize, parseDuration, Secret, secret, secretHeaders } from './scalars.ts';
export { tlsClient, tlsServer, type TlsClientConfig, type TlsServerConfig } from './tls.ts';
export {
  auth,
  compression,
  compressionParams,
  httpClientFields,
  httpServer,
  httpServerFields,
  type HttpClientConfig,
  type HttpServerConfig,
} from './http.ts';
export {
  grpcClientFields,
  grpcServer,
  grpcServerFields,
  type GrpcClientConfig,
  type GrpcServerConfig,
} from './grpc.ts';
export {
  circuitBreaker,
  exporterDelivery,
  retryOnFailure,
  sendingQueue,
  type CircuitBreakerConfig,
  type ExporterDelivery,
  type RetryConfig,
  type SendingQueueConfig,
  type Sizer,
} from './delivery.ts';
export { attributeActions, actionSteps, configValue, type AttributeAction } from './actions.ts';
export { pattern } from './pattern.ts';
export { template } from './template.ts';
