import { type MemoryClient, Recorder, settled } from '../../src/transport/http/lean/testing.ts';
import { randomFrom } from './h2-frames.ts';

export interface FuzzResult {
  /** Mutated requests that were sent to a connection that was still open. */
  mutated: number;
  connections: number;
  /** Connections that were open to the end. */
  survived: number;
  /** Answers, by status. */
  readonly statuses: Map<number, number>;
  /** What must never happen. */
  readonly faults: string[];
}

const requestsPerConnection = 12;
const odd = ['\r', '\n', '\0', ' ', '\t', ':', ';', '\r\n', '\r\n\r\n', '0', 'f', '-', '\xff', 'GET / HTTP/1.1\r\n'];
const headers = [
  'Connection: close',
  'Connection: keep-alive',
  'Expect: 100-continue',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Encoding: gzip',
  'Content-Length: 3',
  'Transfer-Encoding: chunked',
  'X: y',
];

/** Requests as senders might write them, some whole, some mutated. */
class RequestSource {
  private readonly random: () => number;
  private readonly rate: number;
  mutated = 0;

  constructor(random: () => number) {
    this.random = random;
    this.rate = 0.05 + random() ** 2 * 0.8;
  }

  next(): string {
    const text = this.valid();
    if (this.random() > this.rate) return text;
    this.mutated++;
    let mutant = text;
    for (let i = 0; i <= this.below(3); i++) mutant = this.mutate(mutant);
    return mutant;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private valid(): string {
    const path = ['/', '/a', '/b?q=1', '/none', 'http://x/c'][this.below(5)] as string;
    const extra = this.random() < 0.2 ? `${headers[this.below(headers.length)] as string}\r\n` : '';
    const start = (method: string): string =>
      `${method} ${path} HTTP/1.${this.random() < 0.9 ? 1 : 0}\r\nHost: x\r\n${extra}`;
    const choice = this.below(3);
    if (choice === 0) return `${start(['GET', 'HEAD', 'OPTIONS', 'PUT'][this.below(4)] as string)}\r\n`;
    const body = 'b'.repeat(this.below(60));
    if (choice === 1) return `${start('POST')}Content-Length: ${body.length}\r\n\r\n${body}`;
    const cut = this.below(body.length + 1);
    const chunks = [body.slice(0, cut), body.slice(cut)].filter((chunk) => chunk !== '');
    const written = chunks.map(
      (chunk) => `${chunk.length.toString(16)}${this.random() < 0.2 ? ';e=1' : ''}\r\n${chunk}\r\n`,
    );
    return `${start('POST')}Transfer-Encoding: chunked\r\n\r\n${written.join('')}0\r\n${this.random() < 0.2 ? 'T: v\r\n' : ''}\r\n`;
  }

  private mutate(text: string): string {
    const at = this.below(text.length + 1);
    const piece = odd[this.below(odd.length)] as string;
    const choice = this.below(6);
    if (choice === 0) return text.slice(0, at) + piece + text.slice(at);
    if (choice === 1) return text.slice(0, at) + text.slice(at + 1 + this.below(4));
    if (choice === 2) return text.slice(0, at) + String.fromCharCode(this.below(256)) + text.slice(at + 1);
    if (choice === 3) return text.slice(0, at) + text.slice(this.below(text.length + 1));
    if (choice === 4) return text.replace('\r\n', `\r\n${headers[this.below(headers.length)] as string}\r\n`);
    return text.slice(0, at) + piece.repeat(this.below(300)) + text.slice(at);
  }
}

/** Sends `count` mutated requests over many connections to one server, and asks it in between on a connection of its own. */
export async function fuzzHttp1(count: number, seed: number): Promise<FuzzResult> {
  const result: FuzzResult = { mutated: 0, connections: 0, survived: 0, statuses: new Map(), faults: [] };
  const random = randomFrom(seed);
  const recorder = new Recorder({}, () => ({ status: 200, body: 'ok' }));
  let bystander = recorder.connect();
  while (result.mutated < count) {
    const clients = Array.from({ length: 20 }, () => recorder.connect());
    await Promise.all(clients.map((client) => attack(client, new RequestSource(random), random, result)));
    for (const client of clients) await judge(client, recorder, result);
    recorder.seen.length = 0;
    await bystander.send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    if (client200(bystander) !== 1) result.faults.push(`seed ${seed}: another connection was not served`);
    bystander.destroy();
    bystander = recorder.connect();
    if (recorder.inflight.held !== 0) {
      result.faults.push(`seed ${seed}: ${recorder.inflight.held} bytes are held for nobody`);
      break;
    }
  }
  bystander.destroy();
  return result;
}

function client200(client: MemoryClient): number {
  return client.statuses.filter((status) => status === 200).length;
}

async function attack(
  client: MemoryClient,
  source: RequestSource,
  random: () => number,
  result: FuzzResult,
): Promise<void> {
  for (let sent = 0; sent < requestsPerConnection && !client.closed; sent++) {
    const before = source.mutated;
    const text = source.next();
    const cut = random() < 0.3 ? Math.floor(random() * text.length) : text.length;
    await client.send(text.slice(0, cut));
    if (cut < text.length) await client.send(text.slice(cut));
    result.mutated += source.mutated - before;
  }
}

/** Counts what the connection answered; what is still open must end when its time is over. */
async function judge(client: MemoryClient, recorder: Recorder, result: FuzzResult): Promise<void> {
  result.connections++;
  if (!client.closed) result.survived++;
  client.connection.sweep(Date.now() + 10 * 60_000);
  await settled();
  client.connection.sweep(Date.now() + 20 * 60_000);
  await settled();
  if (!client.connection.socket.destroyed)
    result.faults.push(`a connection stays for ever: ${client.received.slice(-200)}`);
  for (const status of client.statuses) result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
  const text = client.received;
  if (text !== '' && !text.startsWith('HTTP/1.1 ')) result.faults.push(`no answer: ${text.slice(0, 100)}`);
  if (text.includes('HTTP/1.1 500')) result.faults.push(`a fault of ours: ${text.slice(-300)}`);
  client.destroy();
}
