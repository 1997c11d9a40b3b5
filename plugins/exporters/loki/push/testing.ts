import {
  decode,
  encode,
  type AnyValue,
  type Attributes,
  type Batch,
  type Clock,
  type LogRecord,
  type ResourceGroup,
  type ScopeGroup,
} from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import type { Candidate, Guard, Stream } from '../labels/guard.ts';
import { labelName } from '../labels/label-name.ts';
import { combinationOf, labelsOf, type Place } from '../labels/testing.ts';
import { jsonOf, membersOf, textOf } from '../line/testing.ts';
import {
  inPieces,
  writtenIn,
  type DecodedEntry,
  type DecodedStream,
  type WrittenRecord,
  type WrittenScope,
} from '../testing.ts';

type Pair = readonly [name: string, value: string];

/** What a push says of a batch, worked out slowly from its decoded records. */
export interface ModelPush {
  readonly streams: readonly DecodedStream[];
  readonly refused: Readonly<Record<string, number>>;
  readonly cutLines: number;
  readonly leftOutPairs: number;
  readonly demoted: Readonly<Record<string, number>>;
}

const billion = 1_000_000_000n;

/** Makes pushes one after the other, with a guard of its own. */
export class Model {
  private readonly options: PushOptions;
  private readonly guard: Guard;
  private readonly clock: Clock;
  private refused: Record<string, number> = {};
  private demoted: Record<string, number> = {};
  private cutLines = 0;
  private leftOutPairs = 0;
  /** What combinations of values came to in this push: each is asked for once. */
  private readonly resolved = new Map<string, Resolved>();

  constructor(options: PushOptions, guard: Guard, clock: Clock) {
    this.options = options;
    this.guard = guard;
    this.clock = clock;
  }

  push(given: Batch<'logs'>): ModelPush {
    const batch = inPieces(given) ? encode(decode(given), given.meta) : given;
    const written = writtenIn(batch);
    this.resolved.clear();
    this.refused = {};
    this.demoted = {};
    this.cutLines = this.leftOutPairs = 0;
    const streams = new Map<string, DecodedEntry[]>();
    for (const group of decode(batch).resources)
      for (const scope of group.scopes) {
        const list = written.shift() as WrittenScope;
        const around = this.around(group, scope, list);
        for (const record of scope.records) {
          const place = { group, scope, record, list, wire: list.records.shift() as WrittenRecord };
          const made = this.entry(place, around, batch.meta.receivedAt);
          if (made !== undefined) streams.set(made.labels, [...(streams.get(made.labels) ?? []), made.entry]);
        }
      }
    const { refused, demoted, cutLines, leftOutPairs } = this;
    return {
      streams: [...streams].map(([labels, entries]) => ({ labels, entries: entries.toSorted(byTime) })),
      refused,
      demoted,
      cutLines,
      leftOutPairs,
    };
  }

  private entry(
    place: Place,
    around: readonly Pair[],
    receivedAt: number,
  ): { readonly labels: string; readonly entry: DecodedEntry } | undefined {
    const { record, wire } = place;
    const { limits, metadata } = this.options;
    const ns = record.timeUnixNano || record.observedTimeUnixNano || BigInt(receivedAt) * 1_000_000n;
    const oldest = limits.max_age > 0 ? (this.clock.now() - limits.max_age) / 1000 : -Infinity;
    if (Number(ns / billion) < oldest) return this.refuse('too_old');
    const { stream, demoted } = this.resolve(place, Number(ns / 1_000_000n));
    const line = this.cut(Buffer.from(this.line(record)));
    if (line === undefined) return this.refuse('line_too_long');
    const room = new Room(limits.max_structured_metadata_entries, limits.max_structured_metadata_size);
    for (const pair of this.own(record, wire.hasTime)) room.add(pair);
    room.addAll(this.severity(record));
    room.addAll(demoted.map(({ name, value }) => [name, value]));
    if (metadata.record)
      for (const [key, value] of record.attributes)
        if (!this.options.labels.record.some(({ attribute }) => attribute === key))
          room.add([labelName(key), textOf(value)]);
    room.addAll(around);
    this.leftOutPairs += room.leftOut;
    for (const { name, reason } of demoted)
      this.demoted[`${name} ${reason}`] = (this.demoted[`${name} ${reason}`] ?? 0) + 1;
    return { labels: stream.text, entry: { ns, line: line.toString(), metadata: room.pairs } };
  }

  private refuse(reason: string): undefined {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }

  private resolve(place: Place, timeMs: number) {
    const key = combinationOf(place, this.options, timeMs);
    const known = this.resolved.get(key) ?? this.ask(place, timeMs);
    this.resolved.set(key, known);
    return known;
  }

  private ask(place: Place, timeMs: number): Resolved {
    const candidates: Candidate[] = [];
    const hidden: { name: string; value: string; reason: string }[] = [];
    for (const { label, value, other, fixed } of labelsOf(place, this.options, timeMs)) {
      const same = candidates.find(({ name }) => name === label);
      if (value === undefined || value === '' || same?.value === value) continue;
      if (same === undefined) candidates.push({ name: label, value, fixed: fixed === true });
      else hidden.push({ name: other === label ? `${label}_extracted` : other, value, reason: 'same_name' });
    }
    const { generation } = this.guard;
    const { stream, demoted } = this.guard.admit(candidates);
    if (this.guard.generation !== generation) this.resolved.clear();
    return { stream, demoted: [...demoted, ...hidden] };
  }

  private line(record: LogRecord): string {
    if (this.options.format === 'raw') return textOf(record.body);
    const members = membersOf(record.attributes);
    return `{${[
      ...(record.body === undefined ? [] : [`"body":${jsonOf(record.body)}`]),
      ...(members.length === 0 ? [] : [`"attributes":{${members.join(',')}}`]),
    ].join(',')}}`;
  }

  private cut(line: Buffer): Buffer | undefined {
    const { max_line_size: limit, on_long_line } = this.options.limits;
    if (limit === 0 || line.length <= limit) return line;
    if (on_long_line === 'drop') return undefined;
    this.cutLines++;
    const mark = Buffer.from(`...[cut, ${line.length} bytes in all]`.slice(0, limit));
    let end = limit - mark.length;
    while (end > 0 && ((line[end] as number) & 0xc0) === 0x80) end--;
    return Buffer.concat([line.subarray(0, end), mark]);
  }

  private own(record: LogRecord, hasTime: boolean): Pair[] {
    const { metadata } = this.options;
    const observed = record.observedTimeUnixNano;
    return [
      ...this.some(metadata.trace && /[^0]/.test(record.traceId), 'trace_id', record.traceId),
      ...this.some(metadata.trace && /[^0]/.test(record.spanId), 'span_id', record.spanId),
      ...this.some(metadata.event_name && record.eventName !== '', 'event_name', record.eventName),
      ...this.some(metadata.observed_timestamp && hasTime && observed >= billion, 'observed_timestamp', observed),
    ];
  }

  private severity({ severityNumber, severityText, flags }: LogRecord): Pair[] {
    const { metadata } = this.options;
    return [
      ...this.some(metadata.severity && severityNumber > 0, 'severity_number', severityNumber),
      ...this.some(metadata.severity && severityText !== '', 'severity_text', severityText),
      ...this.some(metadata.flags && flags > 0, 'flags', flags),
    ];
  }

  private around({ resource }: ResourceGroup<'logs'>, { scope }: ScopeGroup<'logs'>, list: WrittenScope): Pair[] {
    const { labels, metadata } = this.options;
    const pairsOf = (attributes: Attributes | undefined): [string, AnyValue | undefined][] => [...(attributes ?? [])];
    return [
      ...this.some(metadata.scope && list.hasName && labels.scope === undefined, 'scope_name', scope?.name ?? ''),
      ...this.some(metadata.scope && list.hasVersion, 'scope_version', scope?.version ?? ''),
      ...(metadata.scope ? pairsOf(scope?.attributes) : []).map(toPair),
      ...(metadata.resource ? pairsOf(resource?.attributes) : [])
        .filter(([key]) => !labels.resource.some(({ attribute }) => attribute === key))
        .map(toPair),
    ];
  }

  private some(wanted: boolean, name: string, value: string | number | bigint): Pair[] {
    return wanted ? [[name, String(value)]] : [];
  }
}

function toPair([key, value]: readonly [string, AnyValue | undefined]): Pair {
  return [labelName(key), textOf(value)];
}

function byTime(a: DecodedEntry, b: DecodedEntry): number {
  return a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0;
}

interface Resolved {
  readonly stream: Stream;
  readonly demoted: readonly { readonly name: string; readonly value: string; readonly reason: string }[];
}

/** Structured metadata of one entry. */
class Room {
  readonly pairs: Pair[] = [];
  leftOut = 0;
  private readonly most: number;
  private readonly mostBytes: number;
  private size = 0;

  constructor(most: number, mostBytes: number) {
    this.most = most || Infinity;
    this.mostBytes = mostBytes || Infinity;
  }

  add(pair: Pair, size = sizeOf(pair)): void {
    if (this.pairs.length >= this.most || this.size + size > this.mostBytes) {
      this.leftOut++;
      return;
    }
    this.pairs.push(pair);
    this.size += size;
  }

  /** All of them, or else those that find room with what stands around them. */
  addAll(pairs: readonly Pair[]): void {
    const size = pairs.reduce((sum, pair) => sum + sizeOf(pair), 0);
    const haveRoom = this.pairs.length + pairs.length <= this.most && this.size + size <= this.mostBytes;
    for (const pair of pairs) this.add(pair, haveRoom ? undefined : encodedSize(pair));
  }
}

function sizeOf([name, value]: Pair): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value);
}

function encodedSize(pair: Pair): number {
  return pair.reduce((sum, text) => sum + 1 + varintSize(Buffer.byteLength(text)) + Buffer.byteLength(text), 0);
}

function varintSize(value: number): number {
  return value < 128 ? 1 : 1 + varintSize(Math.floor(value / 128));
}
