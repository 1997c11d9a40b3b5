import type { Signal } from '../../wire/index.ts';

export type Protocol = 'grpc' | 'http/protobuf' | 'http/json';

export interface GenerateOptions {
  /** Where to send, as a URL; the protocol's port on localhost where it is left out. */
  readonly endpoint?: string;
  readonly protocol: Protocol;
  /** Requests to the shop in each second. */
  readonly rate: number;
  /** Seconds; without end where it is left out. */
  readonly duration?: number;
  readonly signals: readonly Signal[];
}
