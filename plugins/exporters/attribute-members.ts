import { type AttributeKey, type AttributeTable, type RecordScan } from 'sluice/plugin';

const comma = 0x2c;
const colon = 0x3a;

/** Writes `,"key":value` for each attribute but those of the `hidden` keys; of a key that occurs twice, the first counts. */
export function writeAttributes(scan: RecordScan, table: AttributeTable, hidden: readonly AttributeKey[]): void {
  const found = hidden.filter((key) => table.find(key) >= 0);
  if (found.length === 0) {
    scan.jsonAttributes(table);
    return;
  }
  const names = new Set(found.map(({ name }) => name));
  for (let i = 0; i < table.count; i++) {
    if (!table.isRepeated(i) && !names.has(scan.text(table.keyStart(i), table.keyEnd(i))))
      writeAttribute(scan, table, i);
  }
}

export function writeAttribute(scan: RecordScan, table: AttributeTable, index: number): void {
  scan.byte(comma);
  scan.jsonString(table.keyStart(index), table.keyEnd(index));
  scan.byte(colon);
  if (table.valueStart(index) < 0) scan.ascii('null');
  else scan.jsonValue(table.valueStart(index), table.valueEnd(index));
}
