import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { Pool } from 'undici';
import { otlpMethods } from '../../src/plugin/index.ts';
import { Status } from '../../src/wire/index.ts';
import type { Oracle } from '../delivery/oracle.ts';
import { bodyOf } from '../delivery/records.ts';

/** Of ten requests: logs and metrics over HTTP, traces over gRPC. */
const mixture = ['logs', 'logs', 'logs', 'logs', 'logs', 'logs', 'traces', 'traces', 'traces', 'metrics'] as const;

/** Records of one request, and bytes of text in each. */
const perRequest = 20;
const textBytes = 200;

const retryMs = 2000;

/** The applications behind a gateway: a steady stream of small requests, none of which is sampled. */
export class Fleet {
  /** Answers other than OK; the request is then sent again, as the SDKs do. */
  readonly refused = new Map<string, number>();
  private readonly oracle: Oracle;
  private readonly pool: Pool;
  private readonly client: Client;
  private requests = 0;
  /** Records whose sender had an OK. */
  acked = 0;

  constructor(oracle: Oracle, { http, grpc }: { readonly http: string; readonly grpc: string }) {
    this.oracle = oracle;
    this.pool = new Pool(http, { connections: 128, headersTimeout: 30_000 });
    this.client = new Client(new URL(grpc).host, credentials.createInsecure());
  }

  /** Sends this many records, evenly over a time in milliseconds. Resolves when each request is answered. */
  async send(records: number, ms: number): Promise<void> {
    const requests = Math.ceil(records / perRequest);
    const begun = performance.now();
    const under: Promise<void>[] = [];
    for (let sent = 0; sent < requests;) {
      const due = Math.min(requests, Math.ceil(((performance.now() - begun) / ms) * requests));
      for (; sent < due; sent++) under.push(this.request());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(under);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.pool.destroy();
  }

  private async request(): Promise<void> {
    const ids = this.oracle.take(perRequest);
    const signal = mixture[this.requests++ % mixture.length] ?? 'logs';
    const body = Buffer.from(requestOf(signal, ids));
    for (;;) {
      const answer = signal === 'traces' ? await this.call(body) : await this.post(signal, body);
      if (answer === 'OK') break;
      this.refused.set(answer, (this.refused.get(answer) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    this.oracle.acked(ids);
    this.acked += ids.length;
  }

  private async post(signal: string, body: Buffer): Promise<string> {
    const headers = { 'content-type': 'application/x-protobuf' };
    try {
      const answer = await this.pool.request({ method: 'POST', path: `/v1/${signal}`, headers, body });
      await answer.body.dump();
      return answer.statusCode === 200 ? 'OK' : `HTTP ${answer.statusCode}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private call(body: Buffer): Promise<string> {
    const pass = (bytes: Buffer): Buffer => bytes;
    const deadline = Date.now() + 30_000;
    return new Promise((resolve) => {
      this.client.makeUnaryRequest(otlpMethods.traces, pass, pass, body, new Metadata(), { deadline }, (error) =>
        resolve(error === null ? 'OK' : `gRPC ${error.code}`),
      );
    });
  }
}

function requestOf(signal: (typeof mixture)[number], ids: readonly number[]): Uint8Array {
  const options = { resource: { 'service.name': 'worker' } };
  const texts = ids.map((id) => bodyOf(id, textBytes));
  if (signal === 'logs')
    return logsBatch(
      texts.map((body) => ({ body })),
      options,
    ).bytes;
  if (signal === 'metrics') {
    const points = texts.map((text, i) => ({ name: 'jobs.completed', value: BigInt(i), attributes: { text } }));
    return metricsBatch(points, options).bytes;
  }
  // Every other one is an error of a sampled operation, all of which are kept.
  const failed = { name: 'http.requests', status: Status.from({ code: 2 }) };
  const spans = texts.map((text, i) => ({
    ...(i % 2 === 0 ? failed : { name: 'machine.health' }),
    attributes: { text },
  }));
  return spansBatch(spans, options).bytes;
}
