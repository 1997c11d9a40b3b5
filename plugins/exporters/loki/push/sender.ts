import { combineErrors, PermanentError, type Batch, type Clock, type HttpClientResponse } from 'sluice/plugin';
import { readAnswer, StreamRefused } from '../answer/index.ts';
import { pushOptions, type Config } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import type { PartProgress } from '../progress.ts';
import { PushEncoder, type Push } from './encoder.ts';
import { pushToJson } from './json.ts';
import type { PushedStream } from './pushed-stream.ts';
import { Requests } from './requests.ts';

/** Posts a body and gives the answer. */
export type Post = (body: Uint8Array) => Promise<HttpClientResponse>;

interface Request {
  readonly streams: readonly PushedStream[];
  readonly body: Uint8Array;
}

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
    const push = this.encoder.encode(batch);
    progress.here = { refused: push.refused, changes: push.changes };
    const left = push.streams.filter((stream) => !progress.settled.has(keyOf(stream)));
    if (left.length === 0) return;
    // All bodies are made before the first is sent: by then the encoder may be at another batch.
    const requests = this.requests
      .of(left, this.clock.now(), progress.split)
      .map((streams): Request => ({ streams, body: this.body(push, streams) }));
    if (requests.length === 1) await this.sendOne(requests[0] as Request, progress, post);
    else await this.sendEach(requests, progress, post);
  }

  /** One after the other. Streams that are refused do not keep the others back. */
  private async sendEach(requests: readonly Request[], progress: PartProgress, post: Post): Promise<void> {
    const errors: unknown[] = [];
    for (const request of requests) {
      try {
        await this.sendOne(request, progress, post);
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

  private async sendOne({ streams, body }: Request, progress: PartProgress, post: Post): Promise<void> {
    try {
      progress.refused.merge(readAnswer(await post(body)));
    } catch (error) {
      if (error instanceof StreamRefused) progress.split = true;
      throw error;
    }
    this.requests.taken(streams, this.clock.now());
    for (const stream of streams) progress.settled.add(keyOf(stream));
  }

  private body(push: Push, streams: readonly PushedStream[]): Uint8Array {
    return this.inJson ? pushToJson(push.plain(push.streams), streams) : push.snappy(streams);
  }
}

/** The same labels with other entries, as after a change of what is a label, are not the same. */
function keyOf({ stream, count, start, end }: PushedStream): string {
  return `${count} ${end - start} ${stream.text}`;
}
