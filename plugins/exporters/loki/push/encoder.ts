import { RecordScan, type Batch, type Clock } from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import type { Guard } from '../labels/guard.ts';
import { Resolver, type Resolved } from '../labels/resolver.ts';
import { sourcesOf } from '../labels/sources.ts';
import { bodyField } from '../line/body.ts';
import { lineWriters, type LineWriter } from '../line/index.ts';
import { Refusals } from '../refusals.ts';
import { Bytes } from './bytes.ts';
import { countDemoted, noChanges, type Changes } from './changes.ts';
import { nameField, Names } from './names.ts';
import { EntryOrder, type PushedStream } from './order.ts';
import { PairWriter, type Pairs } from './pairs.ts';
import { SeverityPairs } from './severity-pairs.ts';

/** A push request. Its bytes are valid until the next one is made. */
export interface Push {
  readonly bytes: Uint8Array;
  readonly streams: readonly PushedStream[];
  /** Records that are not in it. */
  readonly refused: Refusals;
  readonly changes: Changes;
}

const field = {
  time: 1,
  traceId: 9,
  spanId: 10,
  observedTime: 11,
  eventName: 12,
} as const;
const scopeField = { name: 1, version: 2 } as const;

const names = {
  trace_id: nameField('trace_id'),
  span_id: nameField('span_id'),
  event_name: nameField('event_name'),
  observed_timestamp: nameField('observed_timestamp'),
  scope_name: nameField('scope_name'),
  scope_version: nameField('scope_version'),
};

const entryTag = 0x12;
const timestampTag = 0x0a;
const lineTag = 0x12;
/** Tag and length of an entry: most have 128 to 16,383 bytes. */
const usualHead = 3;

/** Writes batches of log records as push requests of Loki. One at a time. */
export class PushEncoder {
  private readonly options: PushOptions;
  private readonly clock: Clock;
  private readonly scan = new RecordScan();
  private readonly entries = new Bytes();
  private readonly out = new Bytes();
  private readonly order = new EntryOrder();
  private readonly pairs: PairWriter;
  private readonly severity: SeverityPairs;
  private readonly resolver: Resolver<Pairs>;
  private readonly line: LineWriter;
  private readonly recordNames: Names;
  private readonly resourceNames: Names;
  private readonly scopeNames = new Names();
  private readonly scopeIsLabel: boolean;
  private inputView: DataView = new DataView(new ArrayBuffer(0));
  private resource = -1;
  private scope = -1;
  /** Of the current resource and scope. */
  private around: Pairs = none;
  private seconds = 0;
  private nanos = 0;

  constructor(options: PushOptions, guard: Guard, clock: Clock) {
    this.options = options;
    this.clock = clock;
    const sources = sourcesOf(options.labels);
    const keysOf = (from: 'resource' | 'record'): string[] =>
      sources.flatMap((source) => (source.from === from ? [source.key.name] : []));
    this.recordNames = new Names(keysOf('record'));
    this.resourceNames = new Names(keysOf('resource'));
    this.scopeIsLabel = sources.some(({ from }) => from === 'scope');
    this.pairs = new PairWriter(this.scan, this.entries, options.limits);
    this.severity = new SeverityPairs(this.scan, this.pairs, options.metadata);
    this.resolver = new Resolver(this.scan, guard, sources, ({ demoted }) =>
      this.pairs.collect(() => {
        for (const { name, value } of demoted) this.pairs.text(nameField(name), value);
      }),
    );
    this.line = lineWriters[options.format];
  }

  encode(batch: Batch): Push {
    const { scan, entries, out, order, pairs } = this;
    const refused = new Refusals();
    const changes = noChanges();
    const { max_age } = this.options.limits;
    const oldest = max_age > 0 ? (this.clock.now() - max_age) / 1000 : -Infinity;
    entries.clear();
    out.clear();
    order.clear();
    scan.cut(0);
    scan.begin(batch);
    const { input } = scan;
    this.inputView = new DataView(input.buffer, input.byteOffset, input.length);
    pairs.begin();
    pairs.leftOut = 0;
    this.resolver.begin();
    this.resource = this.scope = -1;
    while (scan.next()) {
      this.readTime(batch.meta.receivedAt);
      if (this.seconds < oldest) {
        refused.add('too_old', 1);
        continue;
      }
      const resolved = this.resolver.resolve(this.seconds * 1000 + Math.floor(this.nanos / 1e6));
      if (!this.entry(resolved, changes)) refused.add('line_too_long', 1);
    }
    changes.leftOutPairs = pairs.leftOut;
    const streams = order.write(entries, out);
    return { bytes: out.array.subarray(0, out.at), streams, refused, changes };
  }

  /** The time of the record, else when it was observed, else when it arrived. */
  private readTime(receivedAt: number): void {
    const { scan } = this;
    const { record } = scan;
    this.seconds = scan.secondsOf(record, field.time);
    this.nanos = scan.nanosOf(record, field.time);
    if (this.seconds !== 0 || this.nanos !== 0) return;
    this.seconds = scan.secondsOf(record, field.observedTime);
    this.nanos = scan.nanosOf(record, field.observedTime);
    if (this.seconds !== 0 || this.nanos !== 0) return;
    this.seconds = Math.floor(receivedAt / 1000);
    this.nanos = Math.round((receivedAt - this.seconds * 1000) * 1e6);
  }

  /** Appends the record as an entry of its stream; false where its line is too long. */
  private entry(resolved: Resolved<Pairs>, changes: Changes): boolean {
    const { entries, order, pairs, scan } = this;
    const start = entries.at;
    entries.ensure(64);
    entries.at += usualHead;
    this.timestamp();
    if (!this.lineOf(changes)) {
      entries.at = start;
      return false;
    }
    if (scan.resourceIndex !== this.resource || scan.scopeIndex !== this.scope) this.collectAround();
    const severity = this.severity.of(this.inputView);
    pairs.entry();
    this.ownPairs();
    pairs.pairs(severity);
    pairs.pairs(resolved.extra);
    if (this.options.metadata.record) pairs.attributes(scan.record.attributes, this.recordNames);
    pairs.pairs(this.around);
    this.closeEntry(start);
    order.add(resolved.stream, this.seconds, this.nanos, entries.at);
    for (const { name, reason } of resolved.demoted) countDemoted(changes, name, reason);
    return true;
  }

  private timestamp(): void {
    const { entries } = this;
    entries.array[entries.at] = timestampTag;
    const start = (entries.at += 2);
    if (this.seconds > 0) {
      entries.array[entries.at++] = 0x08;
      entries.varint(this.seconds);
    }
    if (this.nanos > 0) {
      entries.array[entries.at++] = 0x10;
      entries.varint(this.nanos);
    }
    entries.array[start - 1] = entries.at - start;
  }

  /** Appends the line; false where it is too long to be taken. */
  private lineOf(changes: Changes): boolean {
    const { scan, entries } = this;
    const { record } = scan;
    const from = record.start(bodyField);
    const to = record.end(bodyField);
    const { input } = scan;
    // A short text as it is, the usual case, needs no detour.
    if (this.options.format === 'raw' && from >= 0 && input[from] === 0x0a && input[from + 1] === to - from - 2) {
      const limit = this.options.limits.max_line_size;
      if (limit === 0 || to - from - 2 <= limit) {
        entries.ensure(to - from + 8);
        entries.array[entries.at++] = lineTag;
        entries.varint(to - from - 2);
        entries.copy(input, this.inputView, from + 2, to);
        return true;
      }
    }
    const mark = scan.length;
    this.line(scan);
    const written = this.putLine(scan.bytes(mark), changes);
    scan.cut(mark);
    return written;
  }

  private putLine(line: Buffer, changes: Changes): boolean {
    const { entries } = this;
    const { max_line_size: limit, on_long_line } = this.options.limits;
    const tooLong = limit > 0 && line.length > limit;
    if (tooLong && on_long_line === 'drop') return false;
    const put = (...parts: readonly Buffer[]): void => {
      entries.ensure(16);
      entries.array[entries.at++] = lineTag;
      entries.varint(parts.reduce((sum, part) => sum + part.length, 0));
      for (const part of parts) entries.put(part);
    };
    if (!tooLong) put(line);
    else {
      changes.cutLines += 1;
      put(...cutLine(line, limit));
    }
    return true;
  }

  /** What the record itself says beside its attributes. */
  private ownPairs(): void {
    const { scan, pairs } = this;
    const { record } = scan;
    const { metadata } = this.options;
    if (metadata.trace) {
      this.idPair(names.trace_id, field.traceId);
      this.idPair(names.span_id, field.spanId);
    }
    if (metadata.event_name) this.textPair(names.event_name, field.eventName);
    if (metadata.observed_timestamp && record.has(field.observedTime) && record.has(field.time)) {
      const seconds = scan.secondsOf(record, field.observedTime);
      if (seconds > 0) pairs.time(names.observed_timestamp, seconds, scan.nanosOf(record, field.observedTime));
    }
  }

  /** An id of zeros is none. */
  private idPair(name: (typeof names)['trace_id'], number: number): void {
    const { record, input } = this.scan;
    const [start, end] = [record.start(number), record.end(number)];
    if (start < 0) return;
    let p = start;
    while (p < end && input[p] === 0) p++;
    if (p < end) this.pairs.hex(name, start, end);
  }

  private textPair(name: (typeof names)['trace_id'], number: number): void {
    const { record } = this.scan;
    const start = record.start(number);
    if (start >= 0 && record.end(number) > start) this.pairs.range(name, start, record.end(number));
  }

  /** What all records of a scope share. */
  private collectAround(): void {
    const { scan, pairs } = this;
    const { metadata } = this.options;
    this.resource = scan.resourceIndex;
    this.scope = scan.scopeIndex;
    this.around = pairs.collect(() => {
      if (metadata.scope) {
        const { scope } = scan;
        if (scope.has(scopeField.name) && !this.scopeIsLabel)
          pairs.range(names.scope_name, scope.start(scopeField.name), scope.end(scopeField.name));
        if (scope.has(scopeField.version))
          pairs.range(names.scope_version, scope.start(scopeField.version), scope.end(scopeField.version));
        pairs.attributes(scope.attributes, this.scopeNames);
      }
      if (metadata.resource) pairs.attributes(scan.resource.attributes, this.resourceNames);
    });
  }

  /** Puts tag and length in front of the entry that was begun at `start`. */
  private closeEntry(start: number): void {
    const { entries } = this;
    const content = start + usualHead;
    const size = entries.at - content;
    const end = entries.at;
    entries.ensure(8);
    entries.at = start + 1;
    if (size > 127 && size < 16_384) {
      entries.varint(size);
      entries.at = end;
    } else {
      const head = 1 + (size < 128 ? 1 : size < 2_097_152 ? 3 : 4);
      entries.array.copyWithin(start + head, content, end);
      entries.varint(size);
      entries.at = start + head + size;
    }
    entries.array[start] = entryTag;
  }
}

const none: Pairs = { bytes: new Uint8Array(0), count: 0, size: 0 };

/** The beginning of a line and a mark, together as long as is allowed. No character is cut in two. */
function cutLine(line: Buffer, limit: number): Buffer[] {
  const mark = Buffer.from(`...[cut, ${line.length} bytes in all]`).subarray(0, limit);
  let end = limit - mark.length;
  while (end > 0 && (line[end]! & 0xc0) === 0x80) end--;
  return [line.subarray(0, end), mark];
}
