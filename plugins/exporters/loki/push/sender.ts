import { combineErrors, PermanentError, type Batch, type Clock, type HttpClientResponse } from 'sluice/plugin';
import { readAnswer, StreamRefused } from '../answer/index.ts';
import { pushOptions, type Config } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import type { PartProgress } from '../progress.ts';
import { PushEncoder } from './encoder.ts';
import { pushToJson } from './json.ts';
import type { PushedStream } from './order.ts';
import { Requests } from './requests.ts';
import { snappy } from './snappy.ts';

/** Posts a body and gives the answer. */
export type Post = (body: Uint8Array) => Promise<HttpClientResponse>;

/** Sends batches by the push API. */
export class PushSender {
  readonly guard: Guard;
  private readonly encoder: PushEncoder;
  private readonly inJson: boolean;
  private readonly requests: Requests;
  private readonly clock: Clock;

  constructor(config: Config, clock: Clock) {
    const options = pushOptions(config);
    this.guard = new Guard({ ...options.cardinality, ...options.labels }, clock);
    this.encoder = new PushEncoder(options, this.guard, clock);
    this.inJson = config.encoding === 'json';
    this.requests = new Requests(config.split_streams);
    this.clock = clock;
  }

  /** Resolves when Loki has taken or refused everything; throws what stands against it. `progress` is brought up to date. */
  async send(batch: Batch, progress: PartProgress, post: Post): Promise<void> {
    const { bytes, streams, refused, changes } = this.encoder.encode(batch);
    progress.here = { refused, changes };
    const left = streams.filter((stream) => !progress.settled.has(keyOf(stream)));
    if (left.length === 0) return;
    const requests = this.requests.of(left, this.clock.now(), progress.split);
    if (requests.length === 1) await this.sendOne(bytes, left, left.length === streams.length, progress, post);
    else await this.sendEach(bytes.slice(), requests, progress, post);
  }

  /** One after the other. Streams that are refused do not keep the others back. */
  private async sendEach(
    bytes: Uint8Array,
    requests: readonly (readonly PushedStream[])[],
    progress: PartProgress,
    post: Post,
  ): Promise<void> {
    const errors: unknown[] = [];
    for (const streams of requests) {
      try {
        await this.sendOne(bytes, streams, false, progress, post);
      } catch (error) {
        errors.push(error);
        // Whatever else it is, it will be the same for the next stream.
        if (!(error instanceof StreamRefused || error instanceof PermanentError)) break;
      }
    }
    const again = errors.filter((error) => !(error instanceof PermanentError));
    if (again.length > 0) throw combineErrors(again);
    if (errors.length > 0) throw errors[0];
  }

  private async sendOne(
    bytes: Uint8Array,
    streams: readonly PushedStream[],
    whole: boolean,
    progress: PartProgress,
    post: Post,
  ): Promise<void> {
    try {
      progress.refused.merge(readAnswer(await post(this.body(bytes, streams, whole))));
    } catch (error) {
      if (error instanceof StreamRefused) progress.split = true;
      throw error;
    }
    this.requests.taken(streams, this.clock.now());
    for (const stream of streams) progress.settled.add(keyOf(stream));
  }

  /** `whole`: the streams are all that is in `bytes`. */
  private body(bytes: Uint8Array, streams: readonly PushedStream[], whole: boolean): Uint8Array {
    if (this.inJson) return pushToJson(bytes, streams);
    const [first] = streams as readonly [PushedStream];
    if (whole) return snappy(bytes);
    if (streams.length === 1) return snappy(bytes.subarray(first.start, first.end));
    return snappy(Buffer.concat(streams.map(({ start, end }) => bytes.subarray(start, end))));
  }
}

/** The same labels with other entries, as after a change of what is a label, are not the same. */
function keyOf({ stream, count, start, end }: PushedStream): string {
  return `${count} ${end - start} ${stream.text}`;
}
