import { combineErrors, PermanentError, type Batch, type Clock, type HttpClientResponse } from 'sluice/plugin';
import { readAnswer, StreamRefused } from '../answer/index.ts';
import { pushOptions, type Config } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import type { PartProgress } from '../progress.ts';
import type { Refusals } from '../refusals.ts';
import { PushEncoder } from './encoder.ts';
import { pushToJson } from './json.ts';
import type { PushedStream } from './order.ts';
import { snappy } from './snappy.ts';

/** Posts a body and gives the answer. */
export type Post = (body: Uint8Array) => Promise<HttpClientResponse>;

/** Sends batches by the push API. */
export class PushSender {
  readonly guard: Guard;
  private readonly encoder: PushEncoder;
  private readonly inJson: boolean;
  private readonly alwaysSplit: boolean;

  constructor(config: Config, clock: Clock) {
    const options = pushOptions(config);
    this.guard = new Guard({ ...options.cardinality, ...options.labels }, clock);
    this.encoder = new PushEncoder(options, this.guard, clock);
    this.inJson = config.encoding === 'json';
    this.alwaysSplit = config.split_streams;
  }

  /** Resolves when Loki has taken or refused everything; throws what stands against it. `progress` is brought up to date. */
  async send(batch: Batch, progress: PartProgress, post: Post): Promise<void> {
    const { bytes, streams, refused, changes } = this.encoder.encode(batch);
    progress.here = { refused, changes };
    if (streams.length === 0) return;
    if ((this.alwaysSplit || progress.split) && streams.length > 1)
      await this.sendEach(bytes.slice(), streams, progress, post);
    else {
      const answer = post(this.body(bytes, streams));
      progress.refused.merge(await this.read(answer, progress));
    }
  }

  /** Each stream by itself. One that is refused does not keep the others back. */
  private async sendEach(
    bytes: Uint8Array,
    streams: readonly PushedStream[],
    { settled, refused }: PartProgress,
    post: Post,
  ): Promise<void> {
    const errors: unknown[] = [];
    for (const stream of streams) {
      const { text } = stream.stream;
      if (settled.has(text)) continue;
      try {
        refused.merge(readAnswer(await post(this.body(bytes, [stream]))));
        settled.add(text);
      } catch (error) {
        errors.push(error);
        // Whatever else it is, it will be the same for the next stream.
        if (!(error instanceof StreamRefused || error instanceof PermanentError)) break;
      }
    }
    const permanent = errors.find((error) => error instanceof PermanentError);
    if (permanent !== undefined && permanent === errors.at(-1)) throw permanent;
    if (errors.length > 0) throw combineErrors(errors);
  }

  private async read(answer: Promise<HttpClientResponse>, progress: PartProgress): Promise<Refusals | undefined> {
    try {
      return readAnswer(await answer);
    } catch (error) {
      if (error instanceof StreamRefused) progress.split = true;
      throw error;
    }
  }

  private body(bytes: Uint8Array, streams: readonly PushedStream[]): Uint8Array {
    if (this.inJson) return pushToJson(bytes, streams);
    const [first] = streams as readonly [PushedStream];
    return snappy(streams.length === 1 ? bytes.subarray(first.start, first.end) : bytes);
  }
}
