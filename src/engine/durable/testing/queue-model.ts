import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '../../../testing/manual-clock.ts';
import type { Draw } from './fake-file.ts';
import { FakeFileSystem } from './fake-fs.ts';
import { openQueue } from '../open-queue.ts';
import type { Loss, Queue, QueueRecord } from '../queue.ts';
import { blockBytes } from '../segment-format.ts';

export const directory = '/queue';

/** A record that was offered to the queue, and what became of it. */
interface Offered {
  readonly id: number;
  readonly bytes: Buffer;
  position: number | undefined;
  acked: boolean;
  /** Acked, and the queue said that this is safe. */
  settled: boolean;
  delivered: number;
}

/**
 * Drives a queue over a disk that fails, and holds it to its promises: what was acknowledged is delivered or reported, nothing
 * is made up, what is settled for good does not come back.
 */
export class QueueModel {
  readonly fs: FakeFileSystem;
  readonly losses: Loss[] = [];
  private readonly draw: Draw;
  private clock = new ManualClock();
  private readonly offered: Offered[] = [];
  private held: QueueRecord[] = [];
  private queue: Queue | undefined;
  private troubles = 0;
  private last = 0;
  private segmentsFlipped = false;
  private cursorFlips = 0;

  constructor(draw: Draw) {
    this.draw = draw;
    this.fs = new FakeFileSystem(draw);
  }

  async open(): Promise<void> {
    // What the last process still waited for died with it.
    this.clock = new ManualClock();
    this.queue = await openQueue({
      directory,
      fs: this.fs,
      clock: this.clock,
      segmentBytes: blockBytes + 2000,
      memoryBytes: 800,
      readBytes: 300,
      events: { lost: (loss) => this.losses.push(loss), trouble: () => (this.troubles += 1) },
    });
    this.last = 0;
  }

  async append(sizes: readonly number[]): Promise<void> {
    await Promise.all(
      sizes.map(async (size) => {
        const id = this.offered.length;
        const bytes = Buffer.alloc(size, `${id}.`);
        const record: Offered = { id, bytes, position: undefined, acked: false, settled: false, delivered: 0 };
        this.offered.push(record);
        const header = Buffer.from(String(id));
        record.position = await this.opened.append({ header, bytes, items: id % 7 }).catch(() => undefined);
      }),
    );
  }

  /** Reads as many as there are, up to `count`, and acks those that the picture of bits says. */
  async consume(count: number, ackBits: number): Promise<QueueRecord[]> {
    const read: QueueRecord[] = [];
    for (let index = 0; index < count; index++) {
      const record = await this.readNow();
      if (record === undefined) break;
      this.check(record);
      read.push(record);
      this.held.push(record);
    }
    const keep: QueueRecord[] = [];
    for (const [index, record] of this.held.entries()) {
      if ((ackBits >> (index % 8)) & 1) this.ack(record);
      else keep.push(record);
    }
    this.held = keep;
    return read;
  }

  /** What is acked by now must not come back, if the queue could save it. */
  async flush(): Promise<void> {
    const { troubles } = this;
    const acked = this.offered.filter((record) => record.acked);
    await this.opened.flush();
    if (this.troubles === troubles) for (const record of acked) record.settled = true;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async reopen(): Promise<void> {
    await this.flush();
    await this.opened.close();
    await this.restart();
  }

  /** Power loss. */
  async crash(): Promise<void> {
    await this.stopMachine();
    this.fs.crash();
    await this.restart();
  }

  /** The process dies, and the system keeps what it wrote. */
  async kill(): Promise<void> {
    await this.stopMachine();
    this.fs.kill();
    await this.restart();
  }

  /** The machine stops within the next operations, in the middle of appends and consuming. */
  async crashWithin(operations: number, sizes: readonly number[]): Promise<void> {
    this.fs.faults.operationsLeft = operations;
    const appended = this.append(sizes);
    await this.consume(2, 255);
    await this.opened.flush();
    await appended;
    await this.crash();
  }

  /** One byte changes in a file of the queue. */
  async flip(which: number, at: number, mask: number): Promise<void> {
    const names = (await this.fs.list(directory)).filter((name) => /^(cursor|.*\.seg)/.test(name)).toSorted();
    const name = names[which % Math.max(1, names.length)];
    if (name === undefined) return;
    const file = this.fs.file(`${directory}/${name}`);
    if (file.size === 0) return;
    // The end of the first block and what lies beyond the records is empty.
    file.flip(at % file.size, mask);
    if (name.startsWith('cursor')) this.cursorFlips += 1;
    else this.segmentsFlipped = true;
  }

  /** All faults end; everything that is left is consumed, and the promises are checked. */
  async finish(): Promise<void> {
    Object.assign(this.fs.faults, { capacity: Infinity, failingSyncs: 0, operationsLeft: Infinity });
    await this.crash();
    const { records, items } = this.opened.depth;
    const lossesBefore = this.losses.length;
    const read: QueueRecord[] = [];
    for (let more = await this.consume(100, 255); more.length > 0; more = await this.consume(100, 255))
      read.push(...more);
    const lost = this.losses.slice(lossesBefore).reduce((sum, { first, limit }) => sum + limit - first, 0);
    expect(read.length + lost === records, `depth says ${records} records, ${read.length} read and ${lost} lost`);
    const itemsRead = read.reduce((sum, record) => sum + record.items, 0);
    expect(lost > 0 || itemsRead === items, `depth says ${items} items, ${itemsRead} read`);
    const { depth } = this.opened;
    expect(depth.records === 0 && depth.items === 0 && depth.bytes === 0, `left: ${JSON.stringify(depth)}`);
    for (const { id, position, delivered } of this.offered) {
      if (position === undefined || delivered > 0) continue;
      expect(
        this.segmentsFlipped,
        `record ${id} at ${position} was acknowledged and is gone, though no byte was changed`,
      );
      const reported = this.losses.some(({ first, limit }) => first <= position && position < limit);
      expect(reported, `record ${id} at ${position} is gone in silence; reported: ${JSON.stringify(this.losses)}`);
    }
    // Without any cursor nobody can tell a file that was removed from one that is missing.
    const real = this.losses.filter(
      ({ reason }) => reason !== 'torn' && !(reason === 'missing' && this.cursorFlips > 1),
    );
    expect(this.segmentsFlipped || real.length === 0, `losses without damage: ${JSON.stringify(real)}`);
    await this.opened.close();
  }

  private get opened(): Queue {
    if (this.queue === undefined) throw new Error('the queue is not open');
    return this.queue;
  }

  private async stopMachine(): Promise<void> {
    this.fs.faults.operationsLeft = 0;
    await setImmediate();
  }

  private async restart(): Promise<void> {
    this.held = [];
    for (const record of this.offered) record.acked = record.settled;
    await this.open();
  }

  private ack(record: QueueRecord): void {
    this.opened.ack(record.position);
    const offered = this.offered[Number(Buffer.from(record.header).toString())];
    if (offered !== undefined) offered.acked = true;
  }

  private async readNow(): Promise<QueueRecord | undefined> {
    const stop = new AbortController();
    const reading = this.opened.read(stop.signal).catch(() => undefined);
    // The disk of this test answers within microtasks.
    await setImmediate();
    stop.abort();
    return reading;
  }

  private check(record: QueueRecord): void {
    const offered = this.offered[Number(Buffer.from(record.header).toString())];
    expect(offered !== undefined, `a record nobody appended: ${JSON.stringify(record)}`);
    if (offered === undefined) return;
    expect(offered.bytes.equals(record.bytes), `record ${offered.id} was changed`);
    expect(record.items === offered.id % 7, `record ${offered.id} has ${record.items} items`);
    expect(record.position > this.last, `position ${record.position} came after ${this.last}`);
    expect(!offered.settled || this.cursorFlips > 0, `record ${offered.id} came back although its ack was safe`);
    this.last = record.position;
    offered.delivered += 1;
  }
}

function expect(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
