const KiB = 1024;
const MiB = 1024 * KiB;

/** What one connection may cost. Sizes are bytes, times milliseconds. */
export interface Limits {
  /** Requests at a time on one connection, answers that are still being made for reset streams included. */
  readonly maxConcurrentStreams: number;
  /** Decoded header list: name, value and 32 for each field. Above it one request is refused. */
  readonly maxHeaderListSize: number;
  /** Encoded header block over all its frames. Above it the connection ends. */
  readonly maxHeaderBlockSize: number;
  /** CONTINUATION frames of one block. */
  readonly maxContinuations: number;
  /** Largest frame that is taken. */
  readonly maxFrameSize: number;
  /** What a peer may send of one body before it hears from us. */
  readonly streamWindow: number;
  /** Bytes of bodies that a connection holds before its peer has to wait. */
  readonly connectionWindow: number;
  /** Bytes of unfinished bodies at which the newest request is refused, so that the others can end. */
  readonly maxUnfinishedBytes: number;
  /** Bytes that may wait for a peer that does not read. */
  readonly maxOutputBytes: number;
  /** From connect to the peer's first SETTINGS, TLS included; then to its acknowledgement of ours. */
  readonly handshakeTimeout: number;
  /** From the first to the last byte of a header block. */
  readonly headerTimeout: number;
  /** After this long a body must have come at `minBodyRate` on average. */
  readonly bodyGrace: number;
  /** Bytes a second. */
  readonly minBodyRate: number;
  /** Longest time without progress of an answer or of the socket. */
  readonly writeStall: number;
  /** Pings a silent peer after this long; 0 never. */
  readonly keepaliveTime: number;
  /** Pings also while no request is under way. */
  readonly keepaliveWithoutStreams: boolean;
  /** A ping must be answered within this time. */
  readonly keepaliveTimeout: number;
  /** Closes a connection without streams after this long; 0 never. */
  readonly maxIdle: number;
  /** Closes a connection after this long, spread by a tenth; 0 never. */
  readonly maxAge: number;
  /** How long requests may go on after `maxAge`; 0 for ever. */
  readonly maxAgeGrace: number;
  /** How often connections are looked over: the precision of all times above. */
  readonly sweepInterval: number;
}

export const defaultLimits: Limits = {
  maxConcurrentStreams: 128,
  maxHeaderListSize: 16 * KiB,
  maxHeaderBlockSize: 256 * KiB,
  maxContinuations: 32,
  maxFrameSize: MiB,
  streamWindow: 16 * MiB,
  connectionWindow: 64 * MiB,
  maxUnfinishedBytes: 256 * MiB,
  maxOutputBytes: 64 * MiB,
  handshakeTimeout: 10_000,
  headerTimeout: 10_000,
  bodyGrace: 10_000,
  minBodyRate: KiB,
  writeStall: 60_000,
  keepaliveTime: 7_200_000,
  keepaliveWithoutStreams: true,
  keepaliveTimeout: 20_000,
  maxIdle: 0,
  maxAge: 0,
  maxAgeGrace: 0,
  sweepInterval: 500,
};
