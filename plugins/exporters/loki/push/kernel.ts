import { instantiate } from 'sluice/plugin';
import { pushWasm } from './kernel/generated/push.ts';

/** What the kernel asks while it makes entries. Positions are those in the batch. */
export interface Questions {
  /** See names.as, scope.as, rows.as and text.as, which say where the answers go. */
  nameOf(start: number, end: number): number;
  scopeKeyOf(): number;
  resolve(row: number, timeMs: number): number;
  valueText(start: number, end: number): void;
  numberText(value: number): void;
}

/** What kernel/push.kernel.as exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  seedHash(seed: bigint): void;
  configure(options: number, line: number, pairs: number, pairBytes: number): void;
  addOwnName(): void;
  vary(attributes: number): void;
  roomForBatch(size: number): number;
  roomForTransfer(size: number): number;
  roomForLines(size: number): number;
  roomForLineEnds(size: number): number;
  encode(receivedAt: bigint, oldestSeconds: number, writtenAnew: boolean): void;
  stoppedAtOdd(): number;
  isFull(): number;
  forget(): void;
  forgetRows(): void;
  addStream(): void;
  slotsAt(): number;
  slotsSize(): number;
  usedStreamsAt(): number;
  usedStreamsSize(): number;
  recordsOf(row: number): number;
  tooOldRecords(): number;
  tooLongRecords(): number;
  cutRecords(): number;
  leftOutPairs(): number;
  writePlain(): void;
  writeSnappy(): void;
  outputAt(): number;
  outputSize(): number;
}

/** An instance of the kernel and its memory. */
export class Kernel {
  readonly calls: Exports;
  private bytes: Buffer;

  constructor(questions: Questions) {
    this.calls = instantiate(pushWasm, { ...questions }) as Exports;
    this.bytes = Buffer.from(this.calls.memory.buffer);
  }

  /** Bytes of the memory, which never become fewer. */
  get size(): number {
    return this.calls.memory.buffer.byteLength;
  }

  /** The memory as it is now: a call may change it for another one. */
  get memory(): Buffer {
    if (this.bytes.buffer !== this.calls.memory.buffer) this.bytes = Buffer.from(this.calls.memory.buffer);
    return this.bytes;
  }

  /** Puts bytes into the transfer. */
  transfer(bytes: Uint8Array): void {
    const at = this.calls.roomForTransfer(bytes.length);
    this.memory.set(bytes, at);
  }

  /** Words of the memory, as a view. */
  words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.calls.memory.buffer, at, count);
  }

  /** A copy of the request that was written last. */
  output(): Uint8Array {
    const at = this.calls.outputAt();
    return new Uint8Array(this.memory.buffer.slice(at, at + this.calls.outputSize()));
  }
}
