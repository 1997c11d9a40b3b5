import { makePayloads, type PayloadOptions } from '../data/payload.ts';
import { Latencies, type Percentiles } from '../latencies.ts';
import type { Workload } from '../workload.ts';
import type { Channel, Message } from './channel.ts';
import { grpcChannel } from './grpc.ts';
import { httpChannel } from './http.ts';

export interface LoadOptions {
  readonly port: number;
  readonly seconds: number;
  /** Records a second; as fast as answers come where it is left out. */
  readonly rate?: number;
}

export interface LoadResult {
  /** Records whose request was answered OK. */
  readonly records: number;
  readonly requests: number;
  readonly refused: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly latency: Percentiles;
  /** How often each of the different requests was answered OK; empty where every request had ids of its own. */
  readonly sends: readonly number[];
}

/** Keeps a workload's requests in flight. */
export class Load {
  private readonly workload: Workload;
  private readonly payloads: ReturnType<typeof makePayloads>;
  /** Connections to each system, by port. They stay from turn to turn, as those of real senders do. */
  private readonly channels = new Map<number, Channel>();
  private latencies = new Latencies();
  private requests = 0;
  private refused = 0;
  private sends: number[] = [];

  constructor(workload: Workload, order: PayloadOptions['order']) {
    this.workload = workload;
    this.payloads = makePayloads({ ...workload, order });
  }

  get bytesPerRequest(): number {
    return this.payloads.reduce((sum, { bytes }) => sum + bytes.length, 0) / this.payloads.length;
  }

  async run({ port, seconds, rate }: LoadOptions): Promise<LoadResult> {
    const { workload } = this;
    const channel = this.channel(port);
    await channel.ready();
    this.latencies = new Latencies();
    this.requests = 0;
    this.refused = 0;
    this.sends = this.payloads.map(() => 0);
    const start = performance.now();
    try {
      await (rate === undefined ? this.closed(channel, start + seconds * 1000) : this.paced(channel, seconds, rate));
    } catch (error) {
      // Whatever is still under way must not answer the next turn.
      this.channels.delete(port);
      await channel.close();
      throw error;
    }
    const ok = this.requests - this.refused;
    return {
      records: ok * workload.count,
      requests: this.requests,
      refused: this.refused,
      seconds: (performance.now() - start) / 1000,
      latency: this.latencies.percentiles(),
      sends: this.payloads[0]?.ids === undefined ? this.sends : [],
    };
  }

  private channel(port: number): Channel {
    const { workload } = this;
    let channel = this.channels.get(port);
    if (channel === undefined) {
      channel = workload.protocol === 'grpc' ? grpcChannel(port, workload) : httpChannel(port, workload);
      this.channels.set(port, channel);
    }
    return channel;
  }

  /** The next request of each slot leaves when the answer to its last is there. */
  private async closed(channel: Channel, until: number): Promise<void> {
    const slot = async (messages: readonly Message[]): Promise<void> => {
      for (let turn = 0; performance.now() < until; turn++)
        await this.one(messages[turn % messages.length] as Message, performance.now());
    };
    await Promise.all(
      Array.from({ length: this.workload.inFlight }, (_unused, index) => slot(this.messages(channel, index))),
    );
  }

  /** Requests leave on time; one that finds no slot free waits, and the wait counts. */
  private async paced(channel: Channel, seconds: number, rate: number): Promise<void> {
    const { inFlight, count } = this.workload;
    const free = Array.from({ length: inFlight }, (_unused, index) => ({
      turn: 0,
      messages: this.messages(channel, index),
    }));
    const due: number[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const start = performance.now();
    let planned = 0;
    const ticker = setInterval(() => {
      const now = performance.now();
      for (; planned < ((Math.min(now - start, seconds * 1000) / 1000) * rate) / count; planned++) due.push(now);
      pump();
      if (now - start > seconds * 1000 && due.length === 0 && free.length === inFlight) resolve();
    }, 1);
    const pump = (): void => {
      while (due.length > 0 && free.length > 0) {
        const slot = free.pop() as (typeof free)[number];
        const message = slot.messages[slot.turn++ % slot.messages.length] as Message;
        this.one(message, due.shift() as number).then(() => {
          free.push(slot);
          pump();
        }, reject);
      }
    };
    await promise.finally(() => clearInterval(ticker));
  }

  private messages(channel: Channel, slot: number): readonly Message[] {
    const { payloads } = this;
    const first = payloads[slot % payloads.length] as (typeof payloads)[number];
    if (first.ids !== undefined) return [channel.message(first, slot)];
    // Slots begin at different places, so that they do not send the same thing at the same time.
    return payloads.map((_payload, index) =>
      channel.message(payloads[(index + slot) % payloads.length] as (typeof payloads)[number], slot),
    );
  }

  private async one(message: Message, since: number): Promise<void> {
    message.stamp(this.requests * this.workload.count);
    this.requests++;
    const { number } = message.payload;
    if (await message.send()) this.sends[number] = (this.sends[number] as number) + 1;
    else this.refused++;
    this.latencies.add(performance.now() - since);
  }
}
