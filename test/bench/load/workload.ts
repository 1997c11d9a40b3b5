import type { Signal } from '../../../src/wire/index.ts';

/** One kind of work, the same for every system under test. */
export interface Workload {
  /** `W1 gRPC relay`. */
  readonly name: string;
  readonly signal: Signal;
  /** Spoken on both sides. */
  readonly protocol: 'grpc' | 'http';
  readonly encoding: 'protobuf' | 'json';
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Records in a request. */
  readonly count: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** File in `workloads/`. */
  readonly config: string;
  /** Components that the configuration needs beyond OTLP: `processor/filter`. */
  readonly needs: readonly string[];
  /** The configuration drops what `passesFilter` says. */
  readonly filters: boolean;
  /** CPU ratio to the Collector to hold (design, section 8). */
  readonly target?: number;
}

/** Short and unique: for the command line, tables and kept results. */
export function workloadId({ name, signal, count }: Workload): string {
  return `${name}, ${signal} ${count}`;
}
