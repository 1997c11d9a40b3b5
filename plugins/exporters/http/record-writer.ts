import { attributeKey, enumValues, type AttributeKey, type Batch, type RecordScan } from 'sluice/plugin';
import { entriesOf, type Entry } from '../decoded-entries.ts';
import { AttributeWriter } from './attributes.ts';
import type { Config } from './config.ts';
import { FieldWriter } from './field-writer.ts';
import { metricType, named, pointJson, temporality } from './point-json.ts';
import { eventsJson, linksJson } from './span-json.ts';

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Writes a JSON object about each record at which the scan stands. */
export class RecordWriter {
  private readonly scan: RecordScan;
  private readonly fields: FieldWriter;
  private readonly attributes: AttributeWriter;
  private readonly fixed: Uint8Array;
  private readonly fixedKeys: readonly AttributeKey[];
  /** The decoded records of the batch, once there is something that only they tell. */
  private decoded: readonly Entry[] | undefined;

  constructor(config: Config, scan: RecordScan) {
    this.scan = scan;
    this.fields = new FieldWriter(config, scan);
    this.attributes = new AttributeWriter(scan, this.fields, config.flatten);
    const members = Object.entries(config.static_fields);
    this.fixed = Buffer.from(
      members.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join(''),
    );
    this.fixedKeys = members.map(([name]) => attributeKey(name));
  }

  begin(): void {
    this.decoded = undefined;
    this.attributes.begin();
  }

  /** The record at place `index` of the batch, at which the scan stands. */
  write(batch: Batch, index: number): void {
    const { scan, fields } = this;
    const object = scan.open();
    fields.taken = [...this.fixedKeys];
    if (batch.signal === 'logs') this.log(batch);
    else if (batch.signal === 'traces') this.span(batch, index);
    else this.point(batch, index);
    fields.text('scope_name', scan.scope, 1);
    fields.text('scope_version', scan.scope, 2);
    scan.raw(this.fixed);
    this.attributes.write();
    scan.close(object);
  }

  private log({ meta }: Batch): void {
    const { scan, fields } = this;
    const { record } = scan;
    fields.time('timestamp', [1, 11], meta.receivedAt);
    fields.time('observed_timestamp', [11]);
    const severity = scan.varint(record, 2);
    if (record.has(3) && record.start(3) < record.end(3)) fields.text('severity_text', record, 3);
    else fields.given('severity_text', levels[Math.floor((severity - 1) / 4)] ?? '');
    if (severity !== 0) fields.json('severity_number', String(severity));
    if (record.has(5) && scan.valueKind(record.start(5), record.end(5)) !== 0 && fields.member('body'))
      scan.jsonValue(record.start(5), record.end(5));
    fields.text('event_name', record, 12);
    fields.hex('trace_id', record, 9);
    fields.hex('span_id', record, 10);
  }

  private span(batch: Batch, index: number): void {
    const { scan, fields } = this;
    const { record } = scan;
    fields.time('timestamp', [7], batch.meta.receivedAt);
    fields.time('end_timestamp', [8]);
    const [start, end] = [scan.fixed64(record, 7), scan.fixed64(record, 8)];
    if (end >= start) fields.json('duration_ns', String(end - start));
    fields.text('name', record, 5);
    fields.given('kind', named(enumValues.SpanKind[scan.varint(record, 6)], 'SPAN_KIND_'));
    fields.hex('trace_id', record, 1);
    fields.hex('span_id', record, 2);
    fields.hex('parent_span_id', record, 4);
    fields.text('trace_state', record, 3);
    if (!record.has(11) && !record.has(13) && !record.has(15)) return;
    const entry = this.entry(batch, index);
    if (entry?.kind !== 'span') return;
    const { status, events, links } = entry.record;
    if (status !== undefined) {
      fields.given('status', named(enumValues.StatusCode[status.code], 'STATUS_CODE_'));
      fields.given('status_message', status.message);
    }
    if (events.length > 0) fields.json('events', eventsJson(events));
    if (links.length > 0) fields.json('links', linksJson(links));
  }

  private point(batch: Batch, index: number): void {
    const { scan, fields } = this;
    fields.time('timestamp', [3], batch.meta.receivedAt);
    fields.time('start_timestamp', [2]);
    fields.text('name', scan.metric, 1);
    fields.text('unit', scan.metric, 3);
    const entry = this.entry(batch, index);
    if (entry?.kind !== 'point') return;
    fields.given('metric_type', metricType(entry.metric));
    fields.given('temporality', temporality(entry.metric));
    if (entry.metric.sum !== undefined) fields.json('monotonic', String(entry.metric.sum.isMonotonic));
    fields.json('value', pointJson(entry.record));
  }

  private entry(batch: Batch, index: number): Entry | undefined {
    this.decoded ??= [...entriesOf(batch)];
    return this.decoded[index];
  }
}
