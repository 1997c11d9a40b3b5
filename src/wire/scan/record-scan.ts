import type { Batch } from '../batch.ts';
import { decode } from '../codec/decode.ts';
import { encode } from '../codec/encode.ts';
import { hex16, hex8 } from '../codec/hex.ts';
import { JsonOutput } from './json-output.ts';
import { Message } from './message.ts';
import { padding } from './scan-memory.ts';
import { state } from './state.ts';
import { parts, split } from './time.ts';

/** Of the schema URL beside a resource or scope. */
const schemaUrlTag = 3 * 8 + 2;

/** Copies of inputs up to this size are overwritten by the next, instead of made anew. */
const keptCopy = 4 * 1024 * 1024;
const leastCopy = 64 * 1024;

/** The tag of the attributes of a log record or span; 0 for points, which have theirs by kind. */
const attributeTags: Readonly<Record<Batch['signal'], number>> = { logs: 6 * 8 + 2, traces: 9 * 8 + 2, metrics: 0 };

/**
 * Goes over the records of a batch without decoding them: where their fields and attributes stand, what they say, and, as an
 * output of text, JSON or bytes, what is written about them. Made once and used again; one batch at a time, from `begin` to the
 * last look at it without a pause. The batch must have passed the structural check.
 */
export class RecordScan extends JsonOutput {
  readonly resource = new Message(this.memory, 0);
  readonly scope = new Message(this.memory, 1);
  readonly metric = new Message(this.memory, 2);
  /** The log record, span or data point. */
  readonly record = new Message(this.memory, 3);
  /** The time that was read last: whole seconds since the epoch, and the nanoseconds behind them. */
  seconds = 0;
  nanos = 0;
  /** The halves of the `fixed64` that was read last, 32 bits each, signed. */
  low = 0;
  high = 0;

  private size = 0;
  private copy = new Uint8Array(0);
  private isCopied = false;
  private isOver = true;

  /** Takes up a batch; what was written so far stays. */
  begin(batch: Batch): void {
    const { memory } = this;
    memory.relax();
    if (!this.start(batch.bytes, batch.signal)) this.start(encode(decode(batch), batch.meta).bytes, batch.signal);
  }

  private start(bytes: Uint8Array, signal: Batch['signal']): boolean {
    const { memory } = this;
    memory.load(bytes);
    this.size = bytes.length;
    this.isCopied = this.isOver = false;
    return memory.kernel.begin(bytes.length, attributeTags[signal]) !== 0;
  }

  /**
   * The bytes that positions are in, with at least 64 zero bytes behind them; until the next `begin`. They are not those of the batch
   * where its resources had to be put together first.
   */
  get input(): Uint8Array {
    if (this.isCopied) return this.copy;
    // The kernel's own may move with any write.
    const size = this.size + padding;
    if (this.copy.length < size || this.copy.length > keptCopy) this.copy = new Uint8Array(Math.max(size, leastCopy));
    this.copy.set(this.memory.input.subarray(0, size));
    this.isCopied = true;
    return this.copy;
  }

  /** Moves on to the next record; false at the end. */
  next(): boolean {
    const found = this.memory.kernel.next() !== 0;
    this.isOver = !found;
    return found;
  }

  /** A copy of all that was written; writing begins anew. After the last record, nothing of the batch can be looked at any more. */
  override take(): Uint8Array {
    const taken = super.take();
    if (this.isOver) this.memory.relax();
    return taken;
  }

  /** Counts up with each resource, so that work for one is done once. */
  get resourceIndex(): number {
    return this.memory.words[this.memory.state + state.resourceIndex]!;
  }

  /** Counts up with each scope. */
  get scopeIndex(): number {
    return this.memory.words[this.memory.state + state.scopeIndex]!;
  }

  /** For data points: the field of the metric in which they stand (5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary). */
  get metricKind(): number {
    return this.memory.words[this.memory.state + state.metricKind]!;
  }

  /** What the resource says of the schema of all that stands in it; empty where it says nothing. */
  get resourceSchemaUrl(): string {
    return this.schemaUrl(state.resourceGroup);
  }

  get scopeSchemaUrl(): string {
    return this.schemaUrl(state.scopeGroup);
  }

  private schemaUrl(group: number): string {
    const { memory } = this;
    const to = memory.words[memory.state + group + 1]!;
    let [start, end] = [0, 0];
    for (let p = memory.words[memory.state + group]!; p < to; p = end) {
      const found = memory.kernel.find(p, to, schemaUrlTag);
      if (found < 0) break;
      start = found;
      end = memory.words[memory.state + state.foundEnd]!;
    }
    return end === 0 ? '' : this.text(start, end);
  }

  /** For messages within the current record: one after the other can be read with it. */
  child(): Message {
    return new Message(this.memory);
  }

  /** Calls `visit` with where each value of a field begins and ends, in order; of fields with a length only. */
  each(message: Message, field: number, visit: (start: number, end: number) => void): void {
    const { memory } = this;
    const { to } = message;
    for (let p = message.from; p < to;) {
      const start = memory.kernel.find(p, to, field * 8 + 2);
      if (start < 0) return;
      p = memory.words[memory.state + state.foundEnd]!;
      visit(start, p);
    }
  }

  /** A `fixed64` field; 0 where it is absent. */
  fixed64(message: Message, field: number): bigint {
    return message.has(field) ? this.memory.inputView.getBigUint64(message.start(field), true) : 0n;
  }

  /** Reads a `fixed64` into `low` and `high`, without a bigint; false where it is absent or 0. */
  readWords(message: Message, field: number): boolean {
    const at = message.start(field);
    if (at < 0) return false;
    this.low = this.memory.inputView.getInt32(at, true);
    this.high = this.memory.inputView.getInt32(at + 4, true);
    return (this.low | this.high) !== 0;
  }

  /** A `fixed32` field; 0 where it is absent. */
  fixed32(message: Message, field: number): number {
    return message.has(field) ? this.memory.inputView.getUint32(message.start(field), true) : 0;
  }

  /** A varint field as a number; exact up to 2^53, and 0 where it is absent. */
  varint(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    const { memory } = this;
    const start = message.start(field);
    const byte = memory.input[start]!;
    return byte < 128 ? byte : memory.kernel.varint(start);
  }

  /** Reads a `fixed64` of nanoseconds into `seconds` and `nanos`; false where it is absent or 0. */
  readTime(message: Message, field: number): boolean {
    const at = message.start(field);
    if (at < 0) return false;
    split(this.memory.inputView, at);
    this.seconds = parts.seconds;
    this.nanos = parts.nanos;
    return this.seconds !== 0 || this.nanos !== 0;
  }

  /** The whole seconds of a `fixed64` of nanoseconds. */
  secondsOf(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    split(this.memory.inputView, message.start(field));
    return parts.seconds;
  }

  /** The nanoseconds behind the whole seconds. */
  nanosOf(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    split(this.memory.inputView, message.start(field));
    return parts.nanos;
  }

  text(start: number, end: number): string {
    return this.memory.input.utf8Slice(start, end);
  }

  hex(start: number, end: number): string {
    if (end - start === 16) return hex16(this.memory.input, start);
    return end - start === 8 ? hex8(this.memory.input, start) : this.memory.input.hexSlice(start, end);
  }

  /** Which member of an AnyValue is set, by field number: 1 text, 2 bool, 3 int, 4 double, 5 list, 6 pairs, 7 bytes; 0 for none. */
  valueKind(start: number, end: number): number {
    return this.memory.kernel.valueKind(start, end);
  }

  /** An AnyValue as text: a string as it is, empty where nothing is set, everything else as its JSON. */
  valueText(start: number, end: number): string {
    // Text and nothing else is what most values are.
    const { input } = this.memory;
    if (input[start] === 10 && input[start + 1] === end - start - 2) return this.memory.input.utf8Slice(start + 2, end);
    const mark = this.length;
    this.rawValue(start, end);
    const text = this.bytes(mark).toString();
    this.cut(mark);
    return text;
  }
}
