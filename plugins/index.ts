import type { Definition } from 'sluice/plugin';
import forward from './connectors/forward/index.ts';
import dash0 from './exporters/dash0/index.ts';
import awss3 from './exporters/awss3/index.ts';
import debug from './exporters/debug/index.ts';
import elasticsearch from './exporters/elasticsearch/index.ts';
import file from './exporters/file/index.ts';
import http from './exporters/http/index.ts';
import loki from './exporters/loki/index.ts';
import nopExporter from './exporters/nop/index.ts';
import otlpGrpc from './exporters/otlp_grpc/index.ts';
import otlpHttp from './exporters/otlp_http/index.ts';
import basicauth from './extensions/basicauth/index.ts';
import bearertokenauth from './extensions/bearertokenauth/index.ts';
import fileStorage from './extensions/file_storage/index.ts';
import headersSetter from './extensions/headers_setter/index.ts';
import healthCheck from './extensions/health_check/index.ts';
import oauth2client from './extensions/oauth2client/index.ts';
import attributes from './processors/attributes/index.ts';
import batch from './processors/batch/index.ts';
import filter from './processors/filter/index.ts';
import memoryLimiter from './processors/memory_limiter/index.ts';
import probabilisticSampler from './processors/probabilistic_sampler/index.ts';
import redaction from './processors/redaction/index.ts';
import resource from './processors/resource/index.ts';
import awss3Receiver from './receivers/awss3/index.ts';
import nopReceiver from './receivers/nop/index.ts';
import otlp from './receivers/otlp/index.ts';

/** The components that come with Sluice. */
export const distribution: readonly Definition[] = [
  // receivers
  awss3Receiver,
  nopReceiver,
  otlp,
  // processors
  attributes,
  batch,
  filter,
  memoryLimiter,
  probabilisticSampler,
  redaction,
  resource,
  // exporters
  dash0,
  awss3,
  debug,
  elasticsearch,
  file,
  http,
  loki,
  nopExporter,
  otlpGrpc,
  otlpHttp,
  // connectors
  forward,
  // extensions
  basicauth,
  bearertokenauth,
  fileStorage,
  headersSetter,
  healthCheck,
  oauth2client,
];
