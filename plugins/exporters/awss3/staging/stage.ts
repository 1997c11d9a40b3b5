import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asDeliveryError,
  PermanentError,
  RetryableError,
  syncDirectory,
  type Batch,
  type Clock,
  type Timer,
} from 'sluice/plugin';
import type { StagingConfig } from '../config.ts';
import { uuidv7 } from '../keys/uuid.ts';
import { frameBytes } from './frame.ts';
import type { ObjectSizes } from './object-sizes.ts';
import type { ReadyFile } from './ready-file.ts';
import { StageFile } from './stage-file.ts';
import { stageName } from './stage-header.ts';

/** Records for one object. */
export interface Piece {
  /** The same for whatever may share an object. */
  readonly id: string;
  readonly bucket: string;
  /** The key that the object gets if these are its first records, without its extension. */
  readonly key: string;
  readonly batch: Batch;
}

interface Open {
  readonly id: string;
  readonly file: StageFile;
  readonly salt: number;
  readonly timer: Timer;
  sealed: boolean;
}

export interface StageOptions {
  readonly directory: string;
  readonly config: StagingConfig;
  readonly clock: Clock;
  readonly sizes: ObjectSizes;
  /** Takes over a file that nothing will be added to. */
  readonly ready: (file: ReadyFile) => void;
  /** Whether files wait for their upload. */
  readonly uploading: () => boolean;
  readonly trouble: (error: unknown, path: string) => void;
}

/** A full stage is not asked again before this. */
const fullMs = 1000;

/** The files that records are collected in, one for each object to be. */
export class Stage {
  private readonly options: StageOptions;
  private readonly opening = new Map<string, Promise<Open>>();
  /** In the order in which they were begun. */
  private readonly open = new Map<string, Open>();
  private readonly sealing = new Set<Promise<void>>();
  private stopped = false;
  /** Of all files, those that wait for their upload included. */
  bytes = 0;

  constructor(options: StageOptions) {
    this.options = options;
  }

  /** Resolves when the records are safe on disk; throws RetryableError where there is no room, or the disk fails. */
  async add(piece: Piece): Promise<void> {
    const size = piece.batch.bytes.length + frameBytes;
    if (this.stopped) throw new RetryableError('not written: the exporter stops');
    await this.makeRoom(size);
    this.bytes += size;
    let open: Open | undefined;
    try {
      do open = await this.opened(piece);
      while (open.sealed);
      await open.file.append(piece.batch);
    } catch (error) {
      this.bytes -= size;
      if (open !== undefined) void this.seal(open);
      throw new RetryableError(`cannot stage records: ${asDeliveryError(error).message}`, { cause: error });
    }
    const { config, sizes } = this.options;
    if (sizes.estimate(piece.batch.signal, open.file.size) >= config.target_size) void this.seal(open);
  }

  /** A file that was handed on is gone. */
  released(size: number): void {
    this.bytes -= size;
  }

  /** Closes all files. Unless they are to be uploaded, they stay for the next start. */
  async stop(upload: boolean): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.opening.values());
    for (const open of this.open.values()) void this.seal(open, upload);
    await Promise.all(this.sealing);
  }

  /** Where half of the room is taken, and nothing is on its way out, the largest file goes early. */
  private async makeRoom(size: number): Promise<void> {
    const { config, uploading } = this.options;
    if (size > config.max_bytes) {
      const message = `a batch of ${size} bytes is larger than max_bytes, which is ${config.max_bytes}`;
      throw new PermanentError(message, { tooLarge: true });
    }
    const needed = this.bytes + size;
    if (needed > config.max_bytes / 2 && !uploading()) {
      const largest = [...this.open.values()].reduce<Open | undefined>(
        (most, open) => (most === undefined || open.file.size > most.file.size ? open : most),
        undefined,
      );
      if (largest !== undefined) await this.seal(largest);
    }
    if (needed <= config.max_bytes) return;
    const message = `the staging directory holds ${this.bytes} bytes, and max_bytes is ${config.max_bytes}`;
    throw new RetryableError(message, { retryAfterMs: fullMs });
  }

  private async opened(piece: Piece): Promise<Open> {
    const known = this.open.get(piece.id);
    if (known !== undefined) return known;
    let opening = this.opening.get(piece.id);
    if (opening === undefined) {
      opening = this.begin(piece).finally(() => this.opening.delete(piece.id));
      this.opening.set(piece.id, opening);
    }
    return await opening;
  }

  private async begin({ id, bucket, key, batch: { signal } }: Piece): Promise<Open> {
    const { directory, clock, config } = this.options;
    const [oldest] = this.open.values();
    if (oldest !== undefined && this.open.size >= config.max_partitions) await this.seal(oldest);
    const begun = clock.now();
    const { name, salt } = stageName(uuidv7(begun));
    const file = await StageFile.create(join(directory, name), { signal, bucket, key, begun }, salt);
    await syncDirectory(directory);
    this.bytes += file.size;
    const timer = clock.after(config.max_age, () => void this.seal(open));
    const open: Open = { id, file, salt, timer, sealed: false };
    this.open.set(id, open);
    return open;
  }

  /** Nothing more is added to a file: it is closed and handed on. */
  private async seal(open: Open, upload = true): Promise<void> {
    if (open.sealed) return;
    open.sealed = true;
    open.timer.cancel();
    this.open.delete(open.id);
    const sealing = this.handOn(open, upload)
      .catch((error: unknown) => this.options.trouble(error, open.file.path))
      .finally(() => this.sealing.delete(sealing));
    this.sealing.add(sealing);
    await sealing;
  }

  private async handOn({ file, salt }: Open, upload: boolean): Promise<void> {
    const { path, header } = file;
    await file.close().catch((error: unknown) => this.options.trouble(error, path));
    if (file.records === 0) {
      this.bytes -= file.safe;
      await unlink(path);
    } else if (upload) {
      this.options.ready({ path, salt, header, size: file.safe, limit: file.safe, damages: new Set() });
    }
  }
}
