export { attributeKey, type AttributeKey } from './attribute-key.ts';
export type { AttributeTable } from './attribute-table.ts';
export { jsonName, type JsonName } from './json-name.ts';
export type { WrittenColumn } from './json-output.ts';
export { jsonShape, type JsonInside, type JsonMember, type JsonShape, type JsonValue } from './json-shape.ts';
export type { Message } from './message.ts';
export type { NumberKind } from './number-kind.ts';
export { RecordScan } from './record-scan.ts';
