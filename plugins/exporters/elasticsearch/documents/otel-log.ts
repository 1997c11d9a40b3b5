import { attributeKey, jsonName, type AttributeTable, type Message, type RecordScan } from 'sluice/plugin';
import { writeAttributes } from '../../attribute-members.ts';
import type { DataStream } from '../index-name.ts';
import { steering, streamObject } from './document.ts';

const names = {
  timestamp: jsonName('@timestamp'),
  observed: jsonName('observed_timestamp'),
  dataStream: jsonName('data_stream'),
  severityText: jsonName('severity_text'),
  severityNumber: jsonName('severity_number'),
  traceId: jsonName('trace_id'),
  spanId: jsonName('span_id'),
  attributes: jsonName('attributes'),
  dropped: jsonName('dropped_attributes_count'),
  eventName: jsonName('event_name'),
  body: jsonName('body'),
  text: jsonName('text'),
  structured: jsonName('structured'),
  resource: jsonName('resource'),
  scope: jsonName('scope'),
  name: jsonName('name'),
  version: jsonName('version'),
};
const eventKey = attributeKey('event.name');
const steeringKeys = [...steering].map(attributeKey);

/** Writes log records as documents of the mode `otel`, from their bytes. */
export class OtelLogWriter {
  private readonly scan: RecordScan;
  private scopeIndex = -1;
  private stream: DataStream | undefined;
  /** The members that all records of one scope and stream share. */
  private shared: Uint8Array = new Uint8Array(0);

  constructor(scan: RecordScan) {
    this.scan = scan;
  }

  /** A new batch: nothing is shared yet. */
  begin(): void {
    this.scopeIndex = -1;
  }

  write(stream: DataStream | undefined, receivedAt: number): void {
    const { scan } = this;
    const { record } = scan;
    if (scan.scopeIndex !== this.scopeIndex || stream !== this.stream) this.share(stream);
    const document = scan.open();
    scan.member(names.timestamp);
    if (hasTime(scan, 1)) scan.jsonTime(record, 1);
    else if (hasTime(scan, 11)) scan.jsonTime(record, 11);
    else scan.jsonText(new Date(receivedAt).toISOString());
    if (hasTime(scan, 11)) {
      scan.member(names.observed);
      scan.jsonTime(record, 11);
    }
    this.textField(names.severityText, record, 3);
    this.numberField(names.severityNumber, record, 2);
    this.hexField(names.traceId, 9);
    this.hexField(names.spanId, 10);
    this.attributes(record.attributes);
    this.numberField(names.dropped, record, 7);
    this.eventName();
    scan.raw(this.shared);
    this.body();
    scan.close(document);
  }

  private share(stream: DataStream | undefined): void {
    const { scan } = this;
    const start = scan.length;
    if (stream !== undefined) {
      scan.member(names.dataStream);
      scan.utf8(streamObject(stream).toString());
    }
    scan.member(names.resource);
    const resource = scan.open();
    this.attributes(scan.resource.attributes);
    this.numberField(names.dropped, scan.resource, 2);
    scan.close(resource);
    scan.member(names.scope);
    const scope = scan.open();
    this.textField(names.name, scan.scope, 1);
    this.textField(names.version, scan.scope, 2);
    this.attributes(scan.scope.attributes);
    this.numberField(names.dropped, scan.scope, 4);
    scan.close(scope);
    this.shared = new Uint8Array(scan.bytes(start));
    scan.cut(start);
    this.scopeIndex = scan.scopeIndex;
    this.stream = stream;
  }

  private textField(name: (typeof names)['name'], message: Message, field: number): void {
    if (!message.has(field) || message.start(field) === message.end(field)) return;
    this.scan.member(name);
    this.scan.jsonString(message.start(field), message.end(field));
  }

  private numberField(name: (typeof names)['name'], message: Message, field: number): void {
    if (this.scan.varint(message, field) === 0) return;
    this.scan.member(name);
    this.scan.jsonInt(message, field);
  }

  private hexField(name: (typeof names)['name'], field: number): void {
    const { record } = this.scan;
    if (!record.has(field) || record.start(field) === record.end(field)) return;
    this.scan.member(name);
    this.scan.jsonHex(record.start(field), record.end(field));
  }

  private attributes(table: AttributeTable): void {
    if (table.count === 0) return;
    const { scan } = this;
    const start = scan.length;
    scan.member(names.attributes);
    const mark = scan.open();
    writeAttributes(scan, table, steeringKeys);
    if (scan.length === mark) scan.cut(start);
    else scan.close(mark);
  }

  /** The record's own, or that of the attribute that it was before. */
  private eventName(): void {
    const { scan } = this;
    const { record } = scan;
    if (record.has(12) && record.start(12) < record.end(12)) {
      this.textField(names.eventName, record, 12);
      return;
    }
    const found = record.attributes.find(eventKey);
    if (found < 0 || record.attributes.valueStart(found) < 0) return;
    const text = scan.valueText(record.attributes.valueStart(found), record.attributes.valueEnd(found));
    if (text === '') return;
    scan.member(names.eventName);
    scan.jsonText(text);
  }

  /** Text stays text. A list that is not of objects is wrapped in one, since an index has no other lists of anything. */
  private body(): void {
    const { scan } = this;
    const { record } = scan;
    const kind = record.has(5) ? scan.valueKind(record.start(5), record.end(5)) : 0;
    if (kind === 0) return;
    scan.member(names.body);
    const body = scan.open();
    scan.member(kind === 5 || kind === 6 ? names.structured : names.text);
    const value = scan.length;
    scan.jsonValue(record.start(5), record.end(5));
    if (kind === 5) {
      const list = scan.bytes(value).toString();
      if (!ofObjects(list)) {
        scan.cut(value);
        scan.utf8(`{"value":${list}}`);
      }
    }
    scan.close(body);
  }
}

function hasTime(scan: RecordScan, field: number): boolean {
  return scan.record.has(field) && scan.fixed64(scan.record, field) !== 0n;
}

function ofObjects(list: string): boolean {
  return (JSON.parse(list) as unknown[]).every(
    (item) => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}
