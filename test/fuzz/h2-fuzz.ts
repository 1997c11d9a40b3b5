import type { Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { ClientConnection, RequestError } from '../../src/transport/h2/client-connection.ts';
import { errorCode, flag, preface } from '../../src/transport/h2/codes.ts';
import { defaultLimits } from '../../src/transport/h2/limits.ts';
import { ServerConnection } from '../../src/transport/h2/server-connection.ts';
import { exchange, frame, ok, settingsAck, settingsFrame } from '../../src/transport/h2/testing.ts';
import { FrameSource, randomFrom } from './h2-frames.ts';

export interface FuzzResult {
  /** Mutated frames that were sent to a connection that was still open. */
  mutated: number;
  connections: number;
  /** Connections that ended by a fault of ours: an exception that is no ConnectionError. */
  faults: string[];
  /** Connections that were still open when they had taken all their frames. */
  survived: number;
}

const framesPerConnection = 60;

/** A socket in memory. */
function pair(): { ours: Socket; theirs: Duplex } {
  const [ours, theirs] = duplexPair();
  Object.assign(ours, { setNoDelay: () => ours, bytesWritten: 0, remoteAddress: '127.0.0.1', remotePort: 1 });
  ours.on('error', () => {});
  theirs.on('error', () => {});
  return { ours: ours as unknown as Socket, theirs };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Sends frames in pieces of any size and lets the connection run in between. */
async function feed(source: FrameSource, random: () => number, theirs: Duplex, open: () => boolean): Promise<number> {
  let counted = 0;
  for (let sent = 0; sent < framesPerConnection && open(); sent += 4) {
    const before = source.mutated;
    const bytes = Buffer.concat(Array.from({ length: 4 }, () => source.next()));
    const cut = random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length;
    theirs.write(bytes.subarray(0, cut));
    if (cut < bytes.length) {
      await turn();
      theirs.write(bytes.subarray(cut));
    }
    await turn();
    counted += source.mutated - before;
  }
  return counted;
}

function noteFault(result: FuzzResult, received: Buffer, seed: number): void {
  const at = received.indexOf(Buffer.from([7, 0, 0, 0, 0, 0]));
  if (at < 0) return;
  const code = received.readUInt32BE(at + 10);
  if (code === errorCode.internalError) result.faults.push(`seed ${seed}: ${received.toString('latin1', at + 14)}`);
}

async function fuzzServer(seed: number, result: FuzzResult): Promise<void> {
  const random = randomFrom(seed);
  const { ours, theirs } = pair();
  const chunks: Buffer[] = [];
  theirs.on('data', (chunk: Buffer) => chunks.push(chunk));
  const limits = { ...defaultLimits, streamWindow: 65_535, maxFrameSize: 16_384 };
  const handle = (body: Buffer): typeof ok | Promise<typeof ok> =>
    random() < 0.5 ? { ...ok, body } : turn().then(() => ok);
  const connection = new ServerConnection(ours, { limits, open: () => exchange(handle) });
  theirs.write(Buffer.concat([preface, settingsFrame, settingsAck]));
  const source = new FrameSource(random, false);
  result.mutated += await feed(source, random, theirs, () => !connection.closed);
  if (!connection.closed) result.survived++;
  noteFault(result, Buffer.concat(chunks), seed);
  connection.destroy(new Error('done'));
  theirs.destroy();
}

async function fuzzClient(seed: number, result: FuzzResult): Promise<void> {
  const random = randomFrom(seed);
  const { ours, theirs } = pair();
  const chunks: Buffer[] = [];
  theirs.on('data', (chunk: Buffer) => chunks.push(chunk));
  let asked = 0;
  let settled = 0;
  const nothing = (): void => {};
  const connection = new ClientConnection(ours, {
    limits: defaultLimits,
    onReady: nothing,
    onRoom: nothing,
    onLeaving: nothing,
  });
  theirs.write(Buffer.concat([settingsFrame, frame(4, flag.ack, 0)]));
  await turn();
  const request = {
    headers: [':method', 'POST', ':scheme', 'http', ':path', '/'],
    body: Buffer.alloc(100),
    maxBody: 10_000,
  };
  const source = new FrameSource(random, true);
  const ask = (): boolean => {
    if (connection.closed) return false;
    if (connection.hasRoom && asked - settled < 5) {
      source.nextId = 2 * asked + 1;
      asked++;
      connection.request(request, (outcome) => {
        settled++;
        if (!(outcome instanceof RequestError) && outcome.head.status < 200)
          result.faults.push(`seed ${seed}: an interim answer`);
      });
    }
    return true;
  };
  result.mutated += await feed(source, random, theirs, ask);
  noteFault(result, Buffer.concat(chunks), seed);
  if (!connection.closed) result.survived++;
  connection.destroy(new Error('done'));
  theirs.destroy();
  await turn();
  if (settled !== asked) result.faults.push(`seed ${seed}: ${asked - settled} requests never ended`);
}

/** Throws mutated frames at servers and clients until `mutated` of them were taken. The same seed gives the same run. */
export async function fuzz(
  mutated: number,
  seed: number,
  progress?: (result: FuzzResult) => void,
): Promise<FuzzResult> {
  const result: FuzzResult = { mutated: 0, connections: 0, faults: [], survived: 0 };
  for (let next = seed; result.mutated < mutated; next++) {
    if (next % 3 === 0) await fuzzClient(next, result);
    else await fuzzServer(next, result);
    result.connections++;
    if (result.connections % 1000 === 0) progress?.(result);
  }
  return result;
}
