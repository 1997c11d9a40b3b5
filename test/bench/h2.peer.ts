/** One end of h2.bench.ts: `serve IMPLEMENTATION`, or `send IMPLEMENTATION ADDRESS BYTES SECONDS`. Talks over IPC. */
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { grpcClientFields, grpcServer, otlpMethods, z } from '../../src/plugin/index.ts';
import { grpcJs } from '../../src/transport/grpc/grpc-js/index.ts';
import { lean } from '../../src/transport/h2/grpc/index.ts';
import { InflightBytes } from '../../src/transport/inflight.ts';
import type { Surroundings } from '../../src/transport/surroundings.ts';
import { systemClock } from '../../src/flow/clock.ts';

const inFlight = 8;
const warmUp = 2000;
const log = (): void => {};
const surroundings: Surroundings = {
  logger: { debug: log, info: log, warn: log, error: log },
  clock: systemClock,
  inflight: new InflightBytes(1e9),
};
const method = otlpMethods.logs;
const answer = new Uint8Array(0);
const noMessage = Buffer.alloc(5);

async function serveNode(): Promise<string> {
  const server = createServer({ settings: { initialWindowSize: 16 << 20, maxFrameSize: 1 << 20 } });
  server.on('session', (session) => session.setLocalWindowSize(64 << 20));
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      Buffer.concat(chunks);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(noMessage);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(name: string): Promise<string> {
  if (name === 'node') return serveNode();
  const implementation = name === 'lean' ? lean : grpcJs;
  const config = grpcServer('127.0.0.1:0').parse({});
  const listener = await implementation.serve({ config, methods: { [method]: async () => answer } }, surroundings);
  return listener.address;
}

type Send = (message: Buffer) => Promise<unknown>;

function nodeSender(address: string): Send {
  const session = connect(`http://${address}`);
  const headers = { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' };
  return (message) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stream = session.request(headers);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.cork();
    stream.write(prefix);
    stream.end(message);
    stream.uncork();
    stream.on('error', reject);
    stream.resume();
    stream.on('end', () => resolve());
    return promise;
  };
}

function sender(name: string, address: string): Send {
  if (name === 'node') return nodeSender(address);
  const config = z
    .strictObject(grpcClientFields)
    .parse({ endpoint: address, compression: 'none', tls: { insecure: true } });
  const client = (name === 'lean' ? lean : grpcJs).client({ config }, surroundings);
  const { signal } = new AbortController();
  return async (message) => {
    const result = await client.call({ method, message, signal });
    if (!(result instanceof Uint8Array)) throw new Error(`${result.code} ${result.message}`);
  };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function run(send: Send, message: Buffer, goesOn: () => boolean): Promise<number> {
  let calls = 0;
  const worker = async (): Promise<void> => {
    for (; goesOn(); calls++) await send(message);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return calls;
}

process.on('SIGINT', () => process.exit());
const [mode, name, address, bytes, seconds] = process.argv.slice(2) as [string, string, string, string, string];
if (mode === 'serve') {
  const listening = await serve(name);
  let mark = 0;
  process.on('message', (text) => {
    if (text === 'mark') mark = cpu();
    else process.send?.({ cpu: cpu() - mark });
  });
  process.send?.({ address: listening });
} else {
  const send = sender(name, address);
  const message = Buffer.alloc(Number(bytes), 7);
  let left = warmUp;
  await run(send, message, () => left-- > 0);
  process.send?.({ ready: 1 });
  const before = cpu();
  const end = Date.now() + Number(seconds) * 1000;
  const calls = await run(send, message, () => Date.now() < end);
  process.send?.({ cpu: cpu() - before, calls });
}
