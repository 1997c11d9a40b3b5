import { MalformedError, type Batch, type ReceiverContext, type Signal } from 'sluice/plugin';
import type { Bucket, ObjectInfo } from './bucket.ts';
import type { Config } from './config.ts';
import { batchesOf, encodingOf, packingOf } from './decode.ts';
import { deliver } from './deliver.ts';
import { InOrder } from './in-order.ts';
import { DamagedError } from './inflate.ts';
import { partitionsOf } from './partitions.ts';
import { goneBecause, patiently } from './patient.ts';
import type { Position, PositionStore } from './position.ts';
import { Room } from './room.ts';
import type { Tally } from './tally.ts';

/** Batches on their way at a time, so that one that waits for its destination does not hold up the others. */
const inFlight = { count: 64, bytes: 16 * 1024 * 1024 };

/** Reads the objects of a range of time in order and hands their records to the pipelines. */
export class Replay {
  private readonly config: Config;
  private readonly context: ReceiverContext;
  private readonly bucket: Bucket;
  private readonly tally: Tally;
  private readonly room = new Room(inFlight);
  private readonly order: InOrder<Position>;

  constructor(config: Config, context: ReceiverContext, bucket: Bucket, tally: Tally, positions: PositionStore) {
    this.config = config;
    this.context = context;
    this.bucket = bucket;
    this.tally = tally;
    this.order = new InOrder((position) => {
      positions.save(position).catch((error: unknown) => {
        context.logger.error({ err: error }, 'could not keep the position; a restart would repeat some objects');
      });
    });
  }

  /** Resolves when everything behind `from` is delivered; rejects when the receiver has to stop before. */
  async run(signals: readonly Signal[], from: Position | undefined): Promise<void> {
    try {
      for (const { time, prefix } of partitionsOf(this.config, from?.time))
        for (const signal of signals) {
          const behind = from?.time === time ? from : undefined;
          if (behind !== undefined && signals.indexOf(signal) < signals.indexOf(behind.signal)) continue;
          await this.partition(
            this.filePrefix(prefix, signal),
            time,
            signal,
            behind?.signal === signal ? behind.key : '',
          );
        }
    } finally {
      await this.room.idle();
    }
    this.context.signal.throwIfAborted();
  }

  private filePrefix(prefix: string, signal: Signal): string {
    const { file_prefix, file_prefix_include_telemetry_type } = this.config.s3downloader;
    return `${prefix}${file_prefix}${file_prefix_include_telemetry_type ? `${signal}_` : ''}`;
  }

  private async partition(prefix: string, time: number, signal: Signal, after: string): Promise<void> {
    let last = after;
    await patiently(
      `list ${prefix}`,
      this.context,
      () => false,
      async () => {
        for await (const object of this.bucket.list(prefix, last, this.context.signal)) {
          await this.object(object, time, signal);
          last = object.key;
        }
      },
    );
  }

  private async object(object: ObjectInfo, time: number, signal: Signal): Promise<void> {
    const { key } = object;
    const item = this.order.begin({ time, signal, key });
    let sent = 0;
    try {
      await patiently(`read ${key}`, this.context, isFinal, async () => {
        // Where the connection broke, what went before is not sent again: the cuts are the same each time.
        let seen = 0;
        for await (const batch of this.batches(object, signal)) {
          seen += 1;
          if (seen <= sent) continue;
          await this.send(batch, key, item.add());
          this.context.signal.throwIfAborted();
          sent += 1;
        }
      });
      this.tally.replayed(key);
    } catch (error) {
      if (this.context.signal.aborted || !isFinal(error)) throw error;
      this.tally.failed(key, error as Error);
    }
    item.complete();
  }

  /** Resolves when there is room for the batch; `settled` is called when it is delivered or refused. */
  private async send(batch: Batch, key: string, settled: () => void): Promise<void> {
    const release = await this.room.take(batch.bytes.length);
    void deliver(batch, key, this.context).then((outcome) => {
      release();
      if (outcome === 'stopped') return;
      this.tally.batch(batch, outcome);
      settled();
    });
  }

  private async *batches(object: ObjectInfo, signal: Signal): ReturnType<typeof batchesOf> {
    const { key } = object;
    const encoding = encodingOf(key);
    if (encoding === undefined) throw new UnsupportedError('only .json and .binpb can be replayed whole');
    const body = await this.bucket.get(object, this.context.signal);
    const decoding = { encoding, packing: packingOf(key, body.contentEncoding) };
    const meta = { receivedAt: this.context.clock.now(), peer: `s3://${this.config.s3downloader.s3_bucket}/${key}` };
    yield* batchesOf(body.chunks, signal, decoding, this.config, meta);
  }
}

/** The object is of a format that cannot be replayed. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof DamagedError ||
    error instanceof MalformedError ||
    error instanceof UnsupportedError ||
    goneBecause(error) !== undefined
  );
}
