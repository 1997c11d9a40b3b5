import type { Clock } from '../../flow/clock.ts';
import type { StorageError } from './errors.ts';
import type { FileSystem } from './fs.ts';

/** Sequence of a record in its queue: 1 for the first, and never given twice to records that were acknowledged. */
export type Position = number;

export interface NewRecord {
  /** What the caller keeps about the bytes, kept as it is: signal, metadata. */
  readonly header: Uint8Array;
  /** Neither part may change afterwards: the queue may hand the same memory to a consumer. */
  readonly bytes: Uint8Array;
  /** Telemetry items in the record, at most 2^32 - 1. */
  readonly items: number;
}

export interface QueueRecord extends NewRecord {
  readonly position: Position;
  /** When it was appended, in milliseconds since the epoch. */
  readonly time: number;
}

export interface Queue {
  /**
   * Resolves when the record is safe on disk, together with those appended meanwhile. Rejects with a `StorageError`: `full`,
   * `disk_full`, `io` (all worth another try), `too_large`, `closed`. A rejected record may still be delivered after a crash.
   */
  append(record: NewRecord): Promise<Position>;
  /** Resolves when a record of so many bytes would fit the limits of the queue, and when the queue is closed. */
  room(bytes: number, items: number): Promise<void>;
  /**
   * The next record in order, each to one caller. Waits while there is none; undefined once the queue is closed or `signal`
   * aborts. Rejects with `io` where the disk does not let it read; the next call tries again.
   */
  read(signal?: AbortSignal): Promise<QueueRecord | undefined>;
  /** The record is delivered, or settled otherwise, and never needed again. In any order; twice does no harm. */
  ack(position: Position): void;
  readonly depth: Depth;
  /** Bytes that were appended since the queue was opened. */
  readonly appendedBytes: number;
  /** Bytes that nobody has read yet. */
  readonly unreadBytes: number;
  /** Makes what was acked until now safe, so that a crash does not deliver it again. */
  flush(): Promise<void>;
  /** Ends all reads, refuses appends, waits for those under way, and gives the directory free. */
  close(): Promise<void>;
}

/** What is appended safely and not acked. */
export interface Depth {
  readonly records: number;
  readonly items: number;
  readonly bytes: number;
  /** When the oldest was appended, at the earliest, in milliseconds since the epoch; undefined where the queue is empty. */
  readonly oldest: number | undefined;
}

/**
 * Records that are gone: `corrupt` their bytes changed on disk; `torn` the same in the last group that was written
 * before a crash, so that they may never have been acknowledged; `missing` a file is not there; `unreadable` the disk does not give them back.
 */
export interface Loss {
  readonly reason: 'corrupt' | 'torn' | 'missing' | 'unreadable';
  /** Sequences from `first` to before `limit`. */
  readonly first: number;
  readonly limit: number;
  /** Undefined where nobody knows any more. */
  readonly items: number | undefined;
  /** The file they were in, where there is one. */
  readonly segment: string | undefined;
  /** Where the damaged bytes are kept. */
  readonly quarantined: string | undefined;
}

export interface QueueEvents {
  lost?(loss: Loss): void;
  /** The record is older than `maxAgeMs`; it is dropped, and the caller counts it. */
  expired?(record: QueueRecord): void;
  /** Something failed that harms no record by itself, such as writing the cursor: it is tried again. */
  trouble?(error: StorageError): void;
}

export interface Limits {
  readonly records?: number;
  readonly items?: number;
  /** Bytes on disk of records not acked. Files are deleted whole, so a queue may use one or two segments more. */
  readonly bytes?: number;
}

export interface QueueOptions {
  readonly directory: string;
  /** Default: the files of this machine. */
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly events?: QueueEvents;
  readonly limits?: Limits;
  /** Records older than this are dropped when they are at the head. Default: never. */
  readonly maxAgeMs?: number;
  /** Size of a segment file. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** Largest record, header included. Default 128 MiB. */
  readonly maxRecordBytes?: number;
  /** Appended records kept in memory for consumers that keep up. Default 8 MiB. */
  readonly memoryBytes?: number;
  /** How much is read at a time. Default 256 KiB: pieces far larger than the records leave holes in the memory that they were in. */
  readonly readBytes?: number;
  /** Records that consumers may hold at the same time. Default 16384. */
  readonly maxOutstanding?: number;
  /** Longest time that an ack is not safe from a power failure, in milliseconds; the death of the process is another matter. Default 500. */
  readonly persistMs?: number;
  /** Most to keep of damaged bytes. Default 256 MiB. */
  readonly quarantineBytes?: number;
}
