import type { Batch, Meta, Signal } from '../batch.ts';
import {
  writeLogRecord,
  writeMetric,
  writeResource,
  writeInstrumentationScope,
  writeSpan,
} from '../codec/generated/encoders.ts';
import { metricData, Resource, Scope, type Entries, type Metric } from '../codec/records.ts';
import { Attributes, type AttributesInit } from '../codec/values.ts';
import { Writer } from '../codec/writer.ts';
import { writeVarint } from '../fields.ts';
import { fieldSize, Sink } from './sink.ts';

/** Resource and scope messages hold their own message in field 1, their children in field 2, a schema URL in field 3. */
const ownTag = 10;
export const childTag = 18;
const schemaUrlTag = 26;

const writers: { readonly [S in Signal]: (w: Writer, entry: Entries[S]) => void } = {
  logs: writeLogRecord,
  traces: writeSpan,
  metrics: writeMetric,
};

interface Part {
  /** Encoded fields before and behind the children. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

interface ScopePart extends Part {
  readonly start: number;
  end: number;
}

interface ResourcePart extends Part {
  readonly scopes: ScopePart[];
}

const noBytes = new Uint8Array();
const bare: Part = { head: noBytes, tail: noBytes };

/**
 * Writes a request from front to back, for sources that are not OTLP: `resource`, `scope`, then records, as often as wanted.
 * Records before any resource or scope stand in ones without a description; a resource or scope without records is left out.
 */
export class BatchBuilder<S extends Signal = Signal> {
  readonly signal: S;
  protected readonly writer = new Writer();
  protected readonly sink = new Sink();
  /** Log records, spans or data points so far. */
  count = 0;
  /** Where the record begins that is being written field by field; -1 where there is none. */
  protected recordStart = -1;
  private resources: ResourcePart[] = [];

  constructor(signal: S) {
    this.signal = signal;
  }

  /** Bytes so far, without those of resources and scopes. */
  get size(): number {
    return this.sink.size;
  }

  /** What comes next is of this resource. */
  resource(described: Resource | AttributesInit, schemaUrl = ''): this {
    const resource = described instanceof Resource ? described : Resource.from({ attributes: attributesOf(described) });
    this.between();
    this.endScope();
    this.resources.push({ ...this.part((w) => writeResource(w, resource), schemaUrl), scopes: [] });
    return this;
  }

  /** What comes next is of this scope, and of the same resource as before. */
  scope(described: Scope | string, version = '', schemaUrl = ''): this {
    const scope = described instanceof Scope ? described : Scope.from({ name: described, version });
    this.between();
    this.beginScope(this.part((w) => writeInstrumentationScope(w, scope), schemaUrl));
    return this;
  }

  /** Adds a log record, a span, or a metric with its points. */
  add(entry: Entries[S]): this {
    this.ready();
    const { writer } = this;
    const mark = writer.size;
    try {
      writers[this.signal](writer, entry);
    } catch (error) {
      writer.clear();
      throw error;
    }
    writer.close(childTag, mark);
    this.sink.take(writer);
    this.count += this.signal === 'metrics' ? (metricData(entry as Metric)?.dataPoints.length ?? 0) : 1;
    return this;
  }

  /** The batch of all that was added; the builder is empty afterwards, and ready for the next one. */
  finish(meta: Meta): Batch<S> {
    this.between();
    this.endScope();
    const batch = { signal: this.signal, bytes: this.assemble(), count: this.count, meta };
    this.sink.clear();
    this.resources = [];
    this.count = 0;
    return batch;
  }

  /** Sees to it that there is a scope for a record. */
  protected ready(): void {
    this.between();
    if (!this.resources.at(-1)?.scopes.length) this.beginScope(bare);
  }

  private between(): void {
    if (this.recordStart >= 0) throw new Error('a record was begun and not ended');
  }

  private beginScope(part: Part): void {
    if (this.resources.length === 0) this.resources.push({ ...bare, scopes: [] });
    this.endScope();
    this.resources.at(-1)!.scopes.push({ ...part, start: this.sink.size, end: -1 });
  }

  private endScope(): void {
    const scope = this.resources.at(-1)?.scopes.at(-1);
    if (scope !== undefined && scope.end < 0) scope.end = this.sink.size;
  }

  private part(write: (w: Writer) => void, schemaUrl: string): Part {
    const { writer } = this;
    write(writer);
    writer.close(ownTag, 0);
    const head = writer.bytes();
    writer.clear();
    if (schemaUrl !== '') writer.string(schemaUrlTag, schemaUrl);
    const tail = writer.bytes();
    writer.clear();
    return { head, tail };
  }

  private assemble(): Uint8Array {
    const groups = this.resources.map((part) => withSizes(part)).filter(({ scopes }) => scopes.length > 0);
    const bytes = new Uint8Array(groups.reduce((sum, { size }) => sum + fieldSize(size), 0));
    let p = 0;
    for (const { part, scopes, size } of groups) {
      p = putHead(bytes, p, ownTag, size);
      p = put(bytes, p, part.head);
      for (const scope of scopes) {
        p = putHead(bytes, p, childTag, sizeOf(scope));
        p = put(bytes, p, scope.head);
        p = put(bytes, p, this.sink.view(scope.start, scope.end));
        p = put(bytes, p, scope.tail);
      }
      p = put(bytes, p, part.tail);
    }
    return bytes;
  }
}

function withSizes(part: ResourcePart): { part: ResourcePart; scopes: readonly ScopePart[]; size: number } {
  const scopes = part.scopes.filter(({ start, end }) => end > start);
  const size = scopes.reduce((sum, scope) => sum + fieldSize(sizeOf(scope)), part.head.length + part.tail.length);
  return { part, scopes, size };
}

function sizeOf({ head, tail, start, end }: ScopePart): number {
  return head.length + (end - start) + tail.length;
}

function putHead(target: Uint8Array, at: number, tag: number, size: number): number {
  target[at] = tag;
  return writeVarint(target, at + 1, size);
}

function put(target: Uint8Array, at: number, source: Uint8Array): number {
  target.set(source, at);
  return at + source.length;
}

function attributesOf(init: AttributesInit): Attributes {
  return init instanceof Attributes ? init : Attributes.from(init);
}
