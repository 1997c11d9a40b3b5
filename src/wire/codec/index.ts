export { decode } from './decode.ts';
export { countRecords, encode, encodeBytes } from './encode.ts';
export { mapRecords } from './map-records.ts';
export * from './records.ts';
export { repairUtf8 } from './repair.ts';
export { Attributes, RawValue, type AnyValue, type AttributesInit } from './values.ts';
