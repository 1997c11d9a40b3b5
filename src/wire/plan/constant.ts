import { Writer } from '../codec/writer.ts';
import type { AnyValue } from '../codec/values.ts';
import { writeValue } from '../codec/write-value.ts';
import { FieldReader } from '../fields.ts';

/** The content of an encoded AnyValue. Throws TypeError or RangeError for what is no OTLP value. */
export function encodeValue(value: AnyValue): Uint8Array {
  const writer = new Writer();
  writeValue(writer, 18, value);
  const field = writer.finish();
  const reader = new FieldReader(field);
  reader.next();
  return field.subarray(reader.valueStart);
}
