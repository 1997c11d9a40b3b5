import { maxDepth } from '../structure.ts';
import type { Batch } from '../batch.ts';
import { decode } from '../codec/decode.ts';
import { encode } from '../codec/encode.ts';
import type { NativeBuffer } from '../codec/native-buffer.ts';
import { hex16, hex8 } from '../codec/hex.ts';
import { FieldReader } from '../fields.ts';
import { readVarint } from '../json/read-wire.ts';
import { ListOutput } from './list-output.ts';
import {
  levels,
  metricAttributes,
  pointAttributes,
  resourceAttributes,
  scopeAttributes,
  type Levels,
} from './levels.ts';
import { Message } from './message.ts';
import { enterValue } from './put-value.ts';
import { parts, split } from './time.ts';

/**
 * Goes over the records of a batch without decoding them: where their fields and attributes stand, what they say, and, as an
 * output of text, JSON or bytes, what is written about them. Made once and used again; one batch at a time, from `begin` to the
 * last look at it without a pause. The batch must have passed the structural check.
 */
export class RecordScan extends ListOutput {
  readonly resource = new Message(this.transfer);
  readonly scope = new Message(this.transfer);
  readonly metric = new Message(this.transfer);
  /** The log record, span or data point. */
  readonly record = new Message(this.transfer);
  /** Count up with each resource and each scope, so that work for one is done once. */
  resourceIndex = -1;
  scopeIndex = -1;
  /** For data points: the field of the metric in which they stand (5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary). */
  metricKind = 0;
  /** The time that was read last: whole seconds since the epoch, and the nanoseconds behind them. */
  seconds = 0;
  nanos = 0;

  private signal: Batch['signal'] = 'logs';
  private levels: Levels = levels.logs;
  private chars: NativeBuffer = Buffer.alloc(0) as unknown as NativeBuffer;
  private readonly requestReader = new Cursor();
  private readonly resourceReader = new Cursor();
  private readonly scopeReader = new Cursor();
  private readonly metricReader = new Cursor();
  private readonly pointReader = new Cursor();

  /** Takes up a batch; what was written so far stays. */
  begin(batch: Batch): void {
    const s = this.transfer;
    const { at } = s;
    s.releaseInput();
    s.begin(batch.bytes, maxDepth);
    if (!isPlain(s.input, s.end)) s.begin(encode(decode(batch), batch.meta).bytes, maxDepth);
    s.at = at;
    this.chars = Buffer.from(s.input.buffer, s.input.byteOffset, s.input.length) as unknown as NativeBuffer;
    this.signal = batch.signal;
    this.levels = levels[batch.signal];
    this.resourceIndex = this.scopeIndex = -1;
    this.requestReader.enter(s.input, 0, s.end);
    this.resourceReader.enter(s.input, 0, 0);
    this.scopeReader.enter(s.input, 0, 0);
    this.metricReader.enter(s.input, 0, 0);
    this.pointReader.enter(s.input, 0, 0);
  }

  /**
   * The bytes that positions are in, with at least 64 zero bytes behind them; until the next `begin`. They are not those of the batch
   * where its resources had to be put together first.
   */
  get input(): Uint8Array {
    return this.transfer.input;
  }

  /** Moves on to the next record; false at the end. */
  next(): boolean {
    for (;;) {
      if (this.signal === 'metrics' ? this.nextPoint() : this.nextEntry()) return true;
      if (!this.nextScope() && !this.nextResource()) return false;
    }
  }

  private nextEntry(): boolean {
    const { scopeReader } = this;
    if (!scopeReader.next(this.levels.entries)) return false;
    this.record.read(scopeReader.start, scopeReader.end, this.levels.attributes);
    return true;
  }

  private nextPoint(): boolean {
    for (;;) {
      if (this.pointReader.next(1)) {
        this.record.read(this.pointReader.start, this.pointReader.end, pointAttributes.get(this.metricKind)!);
        return true;
      }
      if (!this.nextData()) return false;
    }
  }

  /** The next list of points: a metric has one, or several pieces of one. */
  private nextData(): boolean {
    const { metricReader, scopeReader } = this;
    while (!metricReader.nextOf(pointAttributes)) {
      if (!scopeReader.next(this.levels.entries)) return false;
      this.metric.read(scopeReader.start, scopeReader.end, metricAttributes);
      metricReader.enter(this.transfer.input, scopeReader.start, scopeReader.end);
    }
    this.metricKind = metricReader.field;
    this.pointReader.enter(this.transfer.input, metricReader.start, metricReader.end);
    return true;
  }

  private nextScope(): boolean {
    const { resourceReader, scopeReader } = this;
    if (!resourceReader.next(this.levels.scopes)) return false;
    const { start, end } = resourceReader;
    scopeReader.enter(this.transfer.input, start, end);
    this.readSelf(this.scope, scopeReader, scopeAttributes);
    this.scopeIndex++;
    return true;
  }

  private nextResource(): boolean {
    const { requestReader, resourceReader } = this;
    if (!requestReader.next(1)) return false;
    const { start, end } = requestReader;
    resourceReader.enter(this.transfer.input, start, end);
    this.readSelf(this.resource, resourceReader, resourceAttributes);
    this.resourceIndex++;
    return true;
  }

  /** Reads the resource or scope that a list is about, which may stand behind the list, and goes back to the beginning. */
  private readSelf(message: Message, reader: Cursor, attributesField: number): void {
    const { from } = reader;
    message.clear();
    if (reader.next(1)) message.read(reader.start, reader.end, attributesField);
    reader.enter(this.transfer.input, from, reader.to);
  }

  /** A `fixed64` field; 0 where it is absent. */
  fixed64(message: Message, field: number): bigint {
    return message.has(field) ? this.transfer.inputView.getBigUint64(message.start(field), true) : 0n;
  }

  /** A varint field as a number; exact up to 2^53, and 0 where it is absent. */
  varint(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    const s = this.transfer;
    s.pos = message.start(field);
    readVarint(s);
    return s.hi * 4294967296 + (s.lo >>> 0);
  }

  /** Reads a `fixed64` of nanoseconds into `seconds` and `nanos`; false where it is absent or 0. */
  readTime(message: Message, field: number): boolean {
    const at = message.start(field);
    if (at < 0) return false;
    split(this.transfer.inputView, at);
    this.seconds = parts.seconds;
    this.nanos = parts.nanos;
    return this.seconds !== 0 || this.nanos !== 0;
  }

  /** The whole seconds of a `fixed64` of nanoseconds. */
  secondsOf(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    split(this.transfer.inputView, message.start(field));
    return parts.seconds;
  }

  /** The nanoseconds behind the whole seconds. */
  nanosOf(message: Message, field: number): number {
    if (!message.has(field)) return 0;
    split(this.transfer.inputView, message.start(field));
    return parts.nanos;
  }

  text(start: number, end: number): string {
    return this.chars.utf8Slice(start, end);
  }

  hex(start: number, end: number): string {
    if (end - start === 16) return hex16(this.transfer.input, start);
    return end - start === 8 ? hex8(this.transfer.input, start) : this.chars.hexSlice(start, end);
  }

  /** Which member of an AnyValue is set, by field number: 1 text, 2 bool, 3 int, 4 double, 5 list, 6 pairs, 7 bytes; 0 for none. */
  valueKind(start: number, end: number): number {
    return enterValue(this.transfer, start, end) >>> 3;
  }

  /** An AnyValue as text: a string as it is, empty where nothing is set, everything else as its JSON. */
  valueText(start: number, end: number): string {
    // Text and nothing else is what most values are.
    const { input } = this.transfer;
    if (input[start] === 10 && input[start + 1] === end - start - 2) return this.chars.utf8Slice(start + 2, end);
    const mark = this.length;
    this.rawValue(start, end);
    const text = this.bytes(mark).toString();
    this.cut(mark);
    return text;
  }
}

/** Tag of the resource or scope that a list is about. */
const selfTag = 0x0a;

/** Goes over the fields of one message and stops at those with a length and a certain number. */
class Cursor {
  private input: Uint8Array = new Uint8Array(0);
  private p = 0;
  from = 0;
  to = 0;
  /** The field stopped at, and where its contents begin and end. */
  field = 0;
  start = 0;
  end = 0;

  enter(input: Uint8Array, from: number, to: number): void {
    this.input = input;
    this.p = this.from = from;
    this.to = to;
  }

  next(wanted: number): boolean {
    const wantedTag = wanted * 8 + 2;
    while (this.p < this.to) if (this.step() === wantedTag) return true;
    return false;
  }

  nextOf(wanted: ReadonlyMap<number, unknown>): boolean {
    while (this.p < this.to) {
      const tag = this.step();
      this.field = tag >>> 3;
      if ((tag & 7) === 2 && wanted.has(this.field)) return true;
    }
    return false;
  }

  /** Passes over one field and returns its tag. */
  private step(): number {
    const { input } = this;
    const tag = input[this.p]! < 128 ? input[this.p++]! : this.varint();
    const wireType = tag & 7;
    if (wireType === 2) {
      const length = input[this.p]! < 128 ? input[this.p++]! : this.varint();
      this.start = this.p;
      this.end = this.p += length;
    } else if (wireType === 0) while (input[this.p++]! > 127);
    else this.p += wireType === 1 ? 8 : 4;
    return tag;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.input[this.p++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

/** Whether no resource or scope stands in several pieces, which only the codec puts together. */
function isPlain(bytes: Uint8Array, end: number): boolean {
  const request = new FieldReader(bytes, 0, end);
  while (request.next()) {
    if (request.number !== 1 || request.wireType !== 2) continue;
    if (!isSingle(bytes, request.valueStart, request.valueEnd)) return false;
    const resource = new FieldReader(bytes, request.valueStart, request.valueEnd);
    while (resource.next())
      if (resource.number === 2 && resource.wireType === 2 && !isSingle(bytes, resource.valueStart, resource.valueEnd))
        return false;
  }
  return true;
}

/** Whether field 1, the resource or scope, occurs at most once. */
function isSingle(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end;) {
    // Short tags and lengths of up to two bytes, which nearly all are, are read here.
    const tag = bytes[at]!;
    const length = bytes[at + 1]!;
    const more = bytes[at + 2]!;
    if (tag < 128 && (tag & 7) === 2 && (length < 128 || more < 128)) {
      at += length < 128 ? 2 + length : 3 + (length & 127) + more * 128;
      if (tag === selfTag) seen++;
      continue;
    }
    const reader = new FieldReader(bytes, at, end);
    reader.next();
    if (reader.number === 1) seen++;
    at = reader.valueEnd;
  }
  return seen < 2;
}
