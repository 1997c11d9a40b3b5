import { connect } from 'node:net';
import { otlpMethods } from '../../../../src/plugin/index.ts';
import { Client, defaultLimits, fieldOf, FixedHeaders } from '../../../../src/transport/h2/index.ts';
import { copyOf, type Payload } from '../data/payload.ts';
import type { Workload } from '../workload.ts';
import { stamp, type Channel, type Message } from './channel.ts';

/** Requests in flight on one connection. */
const perConnection = 100;

export function grpcChannel(port: number, { signal, compression, inFlight }: Workload): Channel {
  const clients = Array.from({ length: Math.ceil(inFlight / perConnection) }, () => clientTo(port));
  const path = otlpMethods[signal];
  const fixed = [':method', 'POST', ':scheme', 'http', ':path', path, ':authority', `127.0.0.1:${port}`];
  fixed.push('content-type', 'application/grpc', 'te', 'trailers', 'user-agent', 'sluice-bench');
  if (compression !== 'none') fixed.push('grpc-encoding', compression);
  const headers = new FixedHeaders(fixed);
  return {
    // A client connects by itself.
    async ready() {},
    message: (payload, slot) =>
      grpcMessage(payload, headers, compression !== 'none', clients[slot % clients.length] as Client),
    async close() {
      await Promise.all(clients.map((client) => client.close(Date.now() + 1000)));
    },
  };
}

function clientTo(port: number): Client {
  return new Client({
    limits: defaultLimits,
    resolve: () => Promise.resolve(['127.0.0.1']),
    connect: (host) => connect({ host, port }),
    spread: 'first',
    waitForReady: true,
  });
}

function grpcMessage(original: Payload, headers: FixedHeaders, compressed: boolean, client: Client): Message {
  const payload = original.ids === undefined ? original : copyOf(original);
  const { bytes, ids } = payload;
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(bytes.length, 1);
  const request = { headers, prefix, body: bytes, maxBody: 65_536 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    payload,
    stamp: (first) => ids !== undefined && stamp(view, 0, ids, first),
    async send() {
      const { head, trailers } = await client.request(request);
      return fieldOf(trailers ?? head.fields, 'grpc-status') === '0';
    },
  };
}
