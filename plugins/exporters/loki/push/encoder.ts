import { RecordScan, type Batch, type Clock } from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import type { Guard } from '../labels/guard.ts';
import { Resolver, type Resolved } from '../labels/resolver.ts';
import { sourcesOf } from '../labels/sources.ts';
import { bodyField } from '../line/body.ts';
import { lineWriters, type LineWriter } from '../line/index.ts';
import { Refusals } from '../refusals.ts';
import { AttributePairs } from './attribute-pairs.ts';
import { countDemoted, noChanges, type Changes } from './changes.ts';
import { Draft } from './draft.ts';
import { nameField, Names, type NameField } from './names.ts';
import { EntryOrder, type PushedStream } from './order.ts';
import { noPairs, PairWriter, type Pairs } from './pairs.ts';
import { PushWriter } from './push-writer.ts';
import { SeverityPairs } from './severity-pairs.ts';

/** A push request. It can be written until the next one is made. */
export interface Push {
  readonly streams: readonly PushedStream[];
  /** Records that are not in it. */
  readonly refused: Refusals;
  readonly changes: Changes;
  /** The request with some of its streams, in protobuf. */
  plain(streams: readonly PushedStream[]): Uint8Array;
  /** The same as a block of Snappy. */
  snappy(streams: readonly PushedStream[]): Uint8Array;
}

const field = {
  time: 1,
  traceId: 9,
  spanId: 10,
  observedTime: 11,
  eventName: 12,
} as const;
const scopeField = { name: 1, version: 2 } as const;

const timestampTag = 0x0a;
const lineTag = 0x12;
/** Of an AnyValue. */
const stringTag = 0x0a;

/** Writes batches of log records as push requests of Loki. One at a time. */
export class PushEncoder {
  private readonly options: PushOptions;
  private readonly clock: Clock;
  private readonly scan = new RecordScan();
  private readonly draft = new Draft();
  private readonly out = this.draft.bytes;
  private readonly order = new EntryOrder(this.draft);
  private readonly writer = new PushWriter(this.draft, this.order);
  private readonly names = {
    trace_id: nameField('trace_id'),
    span_id: nameField('span_id'),
    event_name: nameField('event_name'),
    observed_timestamp: nameField('observed_timestamp'),
    scope_name: nameField('scope_name'),
    scope_version: nameField('scope_version'),
  };
  private readonly pairs: PairWriter;
  private readonly severity: SeverityPairs;
  private readonly resolver: Resolver<Pairs>;
  private readonly line: LineWriter;
  private readonly attributes: AttributePairs;
  private readonly resourceNames: Names;
  private readonly scopeNames = new Names();
  private readonly scopeIsLabel: boolean;
  private inputView: DataView = new DataView(new ArrayBuffer(0));
  private resource = -1;
  private scope = -1;
  /** Of the current resource and scope. */
  private around: Pairs = noPairs;
  private seconds = 0;
  private nanos = 0;

  constructor(options: PushOptions, guard: Guard, clock: Clock) {
    this.options = options;
    this.clock = clock;
    const sources = sourcesOf(options.labels);
    const keysOf = (from: 'resource' | 'record'): string[] =>
      sources.flatMap((source) => (source.from === from ? [source.key.name] : []));
    this.resourceNames = new Names(keysOf('resource'));
    this.scopeIsLabel = sources.some(({ from }) => from === 'scope');
    this.pairs = new PairWriter(this.scan, this.draft, options.limits);
    this.attributes = new AttributePairs(this.scan, this.pairs, new Names(keysOf('record')));
    this.severity = new SeverityPairs(this.scan, this.pairs, options.metadata);
    this.resolver = new Resolver(this.scan, guard, sources, ({ demoted }) =>
      this.pairs.collect(() => {
        for (const { name, value } of demoted) this.pairs.text(nameField(name), value);
      }),
    );
    this.line = lineWriters[options.format];
  }

  encode(batch: Batch): Push {
    const { scan, draft, order, pairs } = this;
    const refused = new Refusals();
    const changes = noChanges();
    const { max_age } = this.options.limits;
    const oldest = max_age > 0 ? (this.clock.now() - max_age) / 1000 : -Infinity;
    draft.clear();
    order.clear();
    scan.cut(0);
    scan.begin(batch);
    const { input } = scan;
    this.inputView = new DataView(input.buffer, input.byteOffset, input.length);
    pairs.begin();
    this.attributes.begin(this.inputView);
    pairs.leftOut = 0;
    this.severity.begin();
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
    return {
      streams: order.streams(),
      refused,
      changes,
      plain: (streams) => this.writer.plain(streams),
      snappy: (streams) => this.writer.snappy(streams),
    };
  }

  /** The time of the record, else when it was observed, else when it arrived. */
  private readTime(receivedAt: number): void {
    const { scan } = this;
    const { record } = scan;
    if (scan.readTime(record, field.time) || scan.readTime(record, field.observedTime)) {
      this.seconds = scan.seconds;
      this.nanos = scan.nanos;
      return;
    }
    this.seconds = Math.floor(receivedAt / 1000);
    this.nanos = Math.round((receivedAt - this.seconds * 1000) * 1e6);
  }

  /** Appends the record as an entry of its stream; false where its line is too long. */
  private entry(resolved: Resolved<Pairs>, changes: Changes): boolean {
    const { draft, order, pairs, scan } = this;
    draft.beginEntry();
    this.timestamp();
    if (!this.lineOf(changes)) {
      draft.dropEntry();
      return false;
    }
    if (scan.resourceIndex !== this.resource || scan.scopeIndex !== this.scope) this.collectAround();
    pairs.entry();
    this.ownPairs();
    pairs.pairs(this.severity.of(this.inputView));
    pairs.pairs(resolved.extra);
    if (this.options.metadata.record) this.attributes.write(scan.record.attributes);
    pairs.pairs(this.around);
    draft.endEntry();
    order.add(resolved.stream, this.seconds, this.nanos);
    for (const { name, reason } of resolved.demoted) countDemoted(changes, name, reason);
    return true;
  }

  private timestamp(): void {
    const { out } = this;
    out.array[out.at] = timestampTag;
    const start = (out.at += 2);
    if (this.seconds > 0) {
      out.array[out.at++] = 0x08;
      out.varint(this.seconds);
    }
    if (this.nanos > 0) {
      out.array[out.at++] = 0x10;
      out.varint(this.nanos);
    }
    out.array[start - 1] = out.at - start;
  }

  /** Appends the line; false where it is too long to be taken. */
  private lineOf(changes: Changes): boolean {
    const { scan, out } = this;
    const { max_line_size: limit } = this.options.limits;
    // A text as it is, the usual case, needs no detour.
    const to = scan.record.end(bodyField);
    const from = this.options.format === 'raw' ? this.bodyText(scan.record.start(bodyField), to) : -1;
    if (from >= 0 && (limit === 0 || to - from <= limit)) {
      out.ensure(to - from + 8);
      out.array[out.at++] = lineTag;
      out.varint(to - from);
      const start = out.at;
      out.copy(scan.input, this.inputView, from, to);
      this.draft.text(start);
      return true;
    }
    const mark = scan.length;
    this.line(scan);
    const written = this.putLine(scan.bytes(mark), changes);
    scan.cut(mark);
    return written;
  }

  /** Where the text begins of a body that is a text of less than 16 KiB and nothing else; -1 for any other. */
  private bodyText(start: number, end: number): number {
    const { input } = this.scan;
    if (start < 0 || input[start] !== stringTag) return -1;
    const low = input[start + 1]!;
    const high = low < 128 ? 0 : input[start + 2]!;
    const from = start + (low < 128 ? 2 : 3);
    return high < 128 && end - from === (low & 127) + 128 * high ? from : -1;
  }

  private putLine(line: Buffer, changes: Changes): boolean {
    const { out } = this;
    const { max_line_size: limit, on_long_line } = this.options.limits;
    const tooLong = limit > 0 && line.length > limit;
    if (tooLong && on_long_line === 'drop') return false;
    const put = (...parts: readonly Buffer[]): void => {
      out.ensure(16);
      out.array[out.at++] = lineTag;
      out.varint(parts.reduce((sum, part) => sum + part.length, 0));
      const start = out.at;
      for (const part of parts) out.put(part);
      this.draft.text(start);
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
      this.idPair(this.names.trace_id, field.traceId);
      this.idPair(this.names.span_id, field.spanId);
    }
    if (metadata.event_name) this.textPair(this.names.event_name, field.eventName);
    if (!metadata.observed_timestamp || !record.has(field.time) || !scan.readTime(record, field.observedTime)) return;
    if (scan.seconds > 0) pairs.time(this.names.observed_timestamp, scan.seconds, scan.nanos);
  }

  /** An id of zeros is none. */
  private idPair(name: NameField, number: number): void {
    const { record, input } = this.scan;
    const start = record.start(number);
    const end = record.end(number);
    if (start < 0) return;
    let p = start;
    while (p < end && input[p] === 0) p++;
    if (p < end) this.pairs.hex(name, start, end);
  }

  private textPair(name: NameField, number: number): void {
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
          pairs.range(this.names.scope_name, scope.start(scopeField.name), scope.end(scopeField.name));
        if (scope.has(scopeField.version))
          pairs.range(this.names.scope_version, scope.start(scopeField.version), scope.end(scopeField.version));
        pairs.attributes(scope.attributes, this.scopeNames);
      }
      if (metadata.resource) pairs.attributes(scan.resource.attributes, this.resourceNames);
    });
  }
}

/** The beginning of a line and a mark, together as long as is allowed. No character is cut in two. */
function cutLine(line: Buffer, limit: number): Buffer[] {
  const mark = Buffer.from(`...[cut, ${line.length} bytes in all]`).subarray(0, limit);
  let end = limit - mark.length;
  while (end > 0 && (line[end]! & 0xc0) === 0x80) end--;
  return [line.subarray(0, end), mark];
}
