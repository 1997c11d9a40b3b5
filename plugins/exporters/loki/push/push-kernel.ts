import type { Batch } from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import type { Guard } from '../labels/guard.ts';
import { Resolver, type Demoted } from '../labels/resolver.ts';
import { sourcesOf } from '../labels/sources.ts';
import { lineWriters } from '../line/index.ts';
import type { Refusals } from '../refusals.ts';
import { AttributeNames, ownNames } from './attribute-names.ts';
import { countDemoted, type Changes } from './changes.ts';
import { kernelOptions } from './kernel-options.ts';
import { Kernel } from './kernel.ts';
import { Lines } from './lines.ts';
import type { PushedStream } from './pushed-stream.ts';
import { Reading } from './reading.ts';
import { Streams } from './streams.ts';

/** Where the kernel says where it stands: kernel/places.as has the same number. */
const placeAt = 0xe0;
const placeWords = 6;

/** The kernel with everything that it asks for: names, labels, values that are not of one piece. */
export class PushKernel {
  private readonly guard: Guard;
  private readonly kernel: Kernel;
  private readonly reading = new Reading();
  private readonly names: AttributeNames;
  private readonly resolver: Resolver;
  private readonly known: Streams;
  private readonly lines: Lines | undefined;
  /** Labels that are structured metadata instead, by the row of the combination. */
  private readonly demoted = new Map<number, readonly Demoted[]>();
  private batch: Uint8Array = new Uint8Array(0);
  /** The guard's, when the kernel began to remember streams. */
  private generation: number;
  private isStale = false;

  constructor(options: PushOptions, guard: Guard) {
    const sources = sourcesOf(options.labels);
    this.guard = guard;
    this.generation = guard.generation;
    this.resolver = new Resolver(guard, sources);
    const { varying } = this.resolver;
    this.names = new AttributeNames(sources, varying.attributes);
    if (options.format !== 'raw') this.lines = new Lines(lineWriters[options.format]);
    this.kernel = new Kernel({
      nameOf: (start, end) => this.nameOf(start, end),
      scopeKeyOf: () => this.resolver.scopeKey(this.place()),
      resolve: (row, timeMs) => this.resolve(row, timeMs),
      valueText: (start, end) => this.valueText(start, end),
      numberText: (value) => this.kernel.transfer(Buffer.from(jsonNumber(value))),
    });
    this.known = new Streams(this.kernel, guard);
    const { calls } = this.kernel;
    calls.seedHash(seed());
    calls.configure(...kernelOptions(options, varying));
    for (const name of ownNames) {
      this.kernel.transfer(Buffer.from(name));
      calls.addOwnName();
    }
    calls.vary(varying.attributes.length);
  }

  /** Bytes that it holds. */
  get size(): number {
    return this.kernel.size;
  }

  /** Makes the entries of a batch. Records from before `oldest`, in seconds, are left out. May stop: see `stoppedAtOdd`. */
  encode(batch: Batch, oldest: number, writtenAnew = false): void {
    const { calls } = this.kernel;
    this.demoted.clear();
    if (this.isStale || this.generation !== this.guard.generation || calls.isFull() !== 0) this.forget();
    this.known.begin();
    this.batch = batch.bytes;
    this.reading.take(batch);
    this.lines?.put(this.reading.scan, this.kernel);
    const at = calls.roomForBatch(batch.bytes.length);
    this.kernel.memory.set(batch.bytes, at);
    calls.encode(nanoseconds(batch.meta.receivedAt), oldest, writtenAnew);
    this.known.tellGuard();
    this.reading.take(undefined);
    this.batch = new Uint8Array(0);
  }

  /** Whether it has stopped because the batch has to be written anew by the codec. */
  stoppedAtOdd(): boolean {
    return this.kernel.calls.stoppedAtOdd() !== 0;
  }

  /** Counts what was refused and changed. */
  count(refused: Refusals, changes: Changes): void {
    const { calls } = this.kernel;
    refused.add('too_old', calls.tooOldRecords());
    refused.add('line_too_long', calls.tooLongRecords());
    changes.cutLines = calls.cutRecords();
    changes.leftOutPairs = calls.leftOutPairs();
    for (const [row, demoted] of this.demoted) {
      const records = calls.recordsOf(row);
      if (records > 0) for (const { name, reason } of demoted) countDemoted(changes, name, reason, records);
    }
  }

  streams(): PushedStream[] {
    return this.known.pushed();
  }

  /** The request of the streams in these slots, in protobuf. */
  plain(slots: Uint32Array): Uint8Array {
    this.putSlots(slots);
    this.kernel.calls.writePlain();
    return this.kernel.output();
  }

  /** The same as a block of Snappy. */
  snappy(slots: Uint32Array): Uint8Array {
    this.putSlots(slots);
    this.kernel.calls.writeSnappy();
    return this.kernel.output();
  }

  private putSlots({ buffer, byteOffset, byteLength }: Uint32Array): void {
    this.kernel.transfer(new Uint8Array(buffer, byteOffset, byteLength));
  }

  private forget(): void {
    this.generation = this.guard.generation;
    this.isStale = false;
    this.kernel.calls.forget();
    this.resolver.forget();
    this.known.forget();
  }

  private place(): Reading {
    return this.reading.enter(this.kernel.words(placeAt, placeWords));
  }

  private nameOf(start: number, end: number): number {
    const { buffer, byteOffset } = this.batch;
    const answer = this.names.of(Buffer.from(buffer, byteOffset + start, end - start).toString());
    this.kernel.transfer(answer);
    return answer.length - 8;
  }

  private resolve(row: number, timeMs: number): number {
    const { guard, kernel } = this;
    // Before the guard looks for streams that are out of use.
    this.known.tellGuard();
    const { stream, demoted } = this.resolver.find(this.place(), timeMs);
    if (guard.generation !== this.generation) {
      this.generation = guard.generation;
      this.isStale = true;
      kernel.calls.forgetRows();
    }
    const number = this.known.numberOf(stream);
    if (demoted.length > 0) this.demoted.set(row, demoted);
    kernel.transfer(Buffer.concat(demoted.flatMap(pairOf)));
    return number;
  }

  private valueText(start: number, end: number): void {
    const { scan } = this.reading;
    const mark = scan.length;
    scan.rawValue(start, end);
    this.kernel.transfer(scan.bytes(mark));
    scan.cut(mark);
  }
}

/** As kernel/rows.as wants it: the sizes of name and value, the name, the value. */
function pairOf({ name, value }: Demoted): Buffer[] {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(Buffer.byteLength(name), 0);
  sizes.writeUInt32LE(Buffer.byteLength(value), 4);
  return [sizes, Buffer.from(name), Buffer.from(value)];
}

/** The JSON of a number; where JSON knows none, it is quoted. */
function jsonNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** Milliseconds as nanoseconds. A double has no room for the latter. */
function nanoseconds(ms: number): bigint {
  const seconds = Math.floor(ms / 1000);
  return BigInt(Math.max(0, seconds)) * 1_000_000_000n + BigInt(Math.round((ms - seconds * 1000) * 1e6));
}

function seed(): bigint {
  return BigInt(Math.floor(Math.random() * 2 ** 32)) * 2n ** 32n + BigInt(Math.floor(Math.random() * 2 ** 32));
}
