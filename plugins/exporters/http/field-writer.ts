import { attributeKey, jsonName, type AttributeKey, type JsonName, type Message, type RecordScan } from 'sluice/plugin';
import type { Config } from './config.ts';
import { fieldNames, type FieldName } from './fields.ts';

interface Field {
  readonly json: JsonName;
  readonly key: AttributeKey;
}

/** Writes the members of a record's object that are fields of OTLP, and knows which names they took. */
export class FieldWriter {
  private readonly scan: RecordScan;
  private readonly fields: ReadonlyMap<FieldName, Field>;
  private readonly timeFormat: Config['timestamp_format'];
  /** Names that are taken in the current object. */
  taken: AttributeKey[] = [];

  /** Throws an Error where a static member has the name of a field. */
  constructor({ fields, timestamp_format, static_fields }: Config, scan: RecordScan) {
    this.scan = scan;
    this.timeFormat = timestamp_format;
    this.fields = new Map(
      fieldNames.flatMap((field) => {
        const name = fields[field];
        if (name !== '' && Object.hasOwn(static_fields, name))
          throw new Error(`static_fields: "${name}" is the name of the field ${field}; give one of them another`);
        return name === '' ? [] : [[field, { json: jsonName(name), key: attributeKey(name) }]];
      }),
    );
  }

  /** Begins a member; false where it is left out, and its value must be too. */
  member(field: FieldName): boolean {
    const found = this.fields.get(field);
    if (found === undefined) return false;
    this.scan.member(found.json);
    this.taken.push(found.key);
    return true;
  }

  /** The text in field `number` of a message; nothing where it is empty. */
  text(field: FieldName, message: Message, number: number): void {
    if (message.has(number) && message.start(number) < message.end(number) && this.member(field))
      this.scan.jsonString(message.start(number), message.end(number));
  }

  hex(field: FieldName, message: Message, number: number): void {
    if (message.has(number) && message.start(number) < message.end(number) && this.member(field))
      this.scan.jsonHex(message.start(number), message.end(number));
  }

  given(field: FieldName, text: string): void {
    if (text !== '' && this.member(field)) this.scan.jsonText(text);
  }

  /** `json` is JSON text. */
  json(field: FieldName, json: string | undefined): void {
    if (json !== undefined && this.member(field)) this.scan.utf8(json);
  }

  /** The first of these fields of the record that holds a time; else `fallback`, in milliseconds, where there is one. */
  time(field: FieldName, numbers: readonly number[], fallback?: number): void {
    const { scan } = this;
    const { record } = scan;
    const number = numbers.find((one) => scan.secondsOf(record, one) > 0 || scan.nanosOf(record, one) > 0);
    if ((number === undefined && fallback === undefined) || !this.member(field)) return;
    if (number === undefined) this.clock(Math.trunc(fallback as number));
    else if (this.timeFormat === 'iso8601') scan.jsonTime(record, number);
    else if (this.timeFormat === 'unix_ns') scan.jsonNanos(record, number);
    else scan.ascii(String(scan.secondsOf(record, number) * 1000 + Math.floor(scan.nanosOf(record, number) / 1e6)));
  }

  private clock(ms: number): void {
    if (this.timeFormat === 'iso8601') this.scan.jsonText(new Date(ms).toISOString());
    else this.scan.ascii(this.timeFormat === 'unix_ms' ? String(ms) : `${ms}000000`);
  }
}
