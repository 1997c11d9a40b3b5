import type { Writer } from '../codec/writer.ts';
import { Attributes, type AnyValue, type AttributesInit } from '../codec/values.ts';
import { writeAttribute, writeAttributes, writeValue } from '../codec/write-value.ts';
import { BatchBuilder, childTag } from './batch-builder.ts';
import type { Slice } from './slice.ts';

/** Fields of a log record but its attributes. What is left out is not known. */
export interface LogFields {
  /** Nanoseconds since the epoch. */
  timeUnixNano?: bigint;
  /** Nanoseconds since the epoch. */
  observedTimeUnixNano?: bigint;
  severityNumber?: number;
  severityText?: string;
  body?: AnyValue;
  flags?: number;
  /** Hex. */
  traceId?: string;
  /** Hex. */
  spanId?: string;
  eventName?: string;
}

const bodyTag = 42;
const attributeTag = 50;

/**
 * Writes log records field by field, without objects and, from slices, without strings: `begin`, then `bodyText` where the body
 * is a slice, then attributes, then `end`. `record` does all of it. Text that is not UTF-8 gets U+FFFD for its bad bytes.
 */
export class LogsBuilder extends BatchBuilder<'logs'> {
  private fields: LogFields = {};

  constructor() {
    super('logs');
  }

  record(fields: LogFields & { readonly attributes?: AttributesInit }): this {
    this.begin(fields);
    if (fields.attributes !== undefined) this.attributes(fields.attributes);
    return this.end();
  }

  /** Begins a record. `fields` must not change before `end`. */
  begin(fields: LogFields): this {
    this.ready();
    this.recordStart = this.sink.open(childTag);
    this.fields = fields;
    return this.write((w) => writeHead(w, fields));
  }

  /** The body, as text. */
  bodyText(text: Slice): this {
    this.within();
    this.sink.textValue(bodyTag, text);
    return this;
  }

  /** An attribute of any type. Where the value is none of OTLP's, it throws, and the record is gone. */
  attribute(key: string, value: AnyValue): this {
    return this.write((w) => writeAttribute(w, attributeTag, key, value));
  }

  attributes(init: AttributesInit): this {
    return this.write((w) =>
      writeAttributes(w, attributeTag, init instanceof Attributes ? init : Attributes.from(init)),
    );
  }

  /** An attribute that is text. */
  attributeText(key: Slice, value: Slice): this {
    this.within();
    this.sink.textPair(attributeTag, key, value);
    return this;
  }

  /** Ends the record that `begin` began. */
  end(): this {
    this.write((w) => writeTail(w, this.fields));
    this.sink.close(this.recordStart);
    this.recordStart = -1;
    this.count += 1;
    return this;
  }

  private within(): void {
    if (this.recordStart < 0) throw new Error('no record was begun');
  }

  private write(fields: (w: Writer) => void): this {
    this.within();
    try {
      fields(this.writer);
    } catch (error) {
      this.writer.clear();
      this.sink.undo(this.recordStart);
      this.recordStart = -1;
      throw error;
    }
    this.sink.take(this.writer);
    return this;
  }
}

/** The fields before the attributes, in ascending order, which is the fast one for whoever reads them. */
function writeHead(w: Writer, fields: LogFields): void {
  if (fields.body !== undefined) writeValue(w, bodyTag, fields.body);
  if (fields.severityText) w.string(26, fields.severityText);
  if (fields.severityNumber) w.int32(16, fields.severityNumber);
  if (fields.timeUnixNano) w.fixed64(9, fields.timeUnixNano);
}

/** The fields behind the attributes. */
function writeTail(w: Writer, fields: LogFields): void {
  if (fields.eventName) w.string(98, fields.eventName);
  if (fields.observedTimeUnixNano) w.fixed64(89, fields.observedTimeUnixNano);
  if (fields.spanId) w.hex(82, fields.spanId);
  if (fields.traceId) w.hex(74, fields.traceId);
  if (fields.flags) w.fixed32(69, fields.flags);
}
