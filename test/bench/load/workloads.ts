import type { Workload } from './workload.ts';

const relay = {
  name: 'W1 gRPC relay',
  signal: 'logs',
  protocol: 'grpc',
  encoding: 'protobuf',
  compression: 'none',
  count: 512,
  inFlight: 8,
  config: 'relay-grpc.yaml',
  needs: [],
  filters: false,
} as const satisfies Workload;

const http = { ...relay, name: 'W1 HTTP relay', protocol: 'http', config: 'relay-http.yaml' } as const;
const gzip = { ...relay, name: 'W1 gRPC gzip in and out', compression: 'gzip', target: 0.35 } as const;
const batch = { ...relay, name: 'W1 gRPC batch', config: 'batch-grpc.yaml', inFlight: 32 } as const;
const edits = {
  ...relay,
  name: 'W2 edits',
  config: 'edits.yaml',
  needs: ['processor/resource', 'processor/attributes'],
  target: 0.25,
} as const;
const filter = {
  ...relay,
  name: 'W3 filter',
  config: 'filter.yaml',
  needs: ['processor/filter'],
  filters: true,
  target: 0.25,
} as const;
const transform = {
  ...filter,
  name: 'W3 filter, 4 OTTL',
  config: 'filter-transform.yaml',
  needs: ['processor/filter', 'processor/transform'],
} as const;
const json = { ...http, name: 'W4 JSON in', encoding: 'json', target: 0.3 } as const;
const durable = {
  ...relay,
  name: 'W8 durable queue',
  config: 'durable.yaml',
  needs: ['extension/file_storage'],
  target: 0.15,
} as const;

/** Requests in flight where ten records a request fill batches of 4096. */
const fleet = 1024;

/** All of them, in the order of the table. Targets are those of the design, section 8. */
export const workloads: readonly Workload[] = [
  { ...relay, target: 0.2 },
  { ...relay, count: 10 },
  { ...relay, count: 8192 },
  { ...relay, signal: 'traces', target: 0.2 },
  { ...relay, signal: 'metrics', target: 0.35 },
  { ...http, target: 0.2 },
  { ...http, signal: 'traces', target: 0.2 },
  { ...http, count: 10 },
  { ...batch },
  { ...batch, count: 10, inFlight: fleet, target: 0.4 },
  {
    ...batch,
    name: 'W1 HTTP batch',
    protocol: 'http',
    config: 'batch-http.yaml',
    count: 10,
    inFlight: fleet,
    target: 0.25,
  },
  gzip,
  { ...gzip, signal: 'traces' },
  { ...http, name: 'W1 HTTP zstd in and out', compression: 'zstd' },
  edits,
  { ...edits, signal: 'traces' },
  { ...edits, name: 'W2 edits and hash', config: 'edits-hash.yaml' },
  { ...edits, name: 'W2 edits and hash', config: 'edits-hash.yaml', signal: 'traces' },
  filter,
  { ...filter, signal: 'traces' },
  transform,
  { ...transform, signal: 'traces' },
  json,
  { ...json, signal: 'traces' },
  durable,
];
