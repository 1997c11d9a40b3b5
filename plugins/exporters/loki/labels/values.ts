import type { AttributeKey, AttributeTable, RecordScan } from 'sluice/plugin';
import { levelOfNumber, levelOfText } from './level.ts';
import type { Source } from './sources.ts';

const severityNumber = 2;
const severityText = 3;
const scopeName = 1;

/** The value that a source has for the record at which the scan stands; undefined where it has none, or the empty one. */
export function valueOf(scan: RecordScan, source: Source, timeMs: number): string | undefined {
  const value = read(scan, source, timeMs);
  return value === '' ? undefined : value;
}

function read(scan: RecordScan, source: Source, timeMs: number): string | undefined {
  switch (source.from) {
    case 'static':
      return source.value;
    case 'severity':
      return levelOf(scan);
    case 'scope':
      return scan.scope.has(scopeName) ? scan.text(scan.scope.start(scopeName), scan.scope.end(scopeName)) : undefined;
    case 'resource':
      return attribute(scan, scan.resource.attributes, source.key);
    case 'record':
      return attribute(scan, scan.record.attributes, source.key);
    case 'template':
      return source.template.render(({ of, key }) => {
        const prepared = source.keys.get(key) as AttributeKey;
        if (of === 'resource') return attribute(scan, scan.resource.attributes, prepared);
        const own = attribute(scan, scan.record.attributes, prepared);
        if (of === 'record' || own !== undefined) return own;
        return attribute(scan, scan.scope.attributes, prepared) ?? attribute(scan, scan.resource.attributes, prepared);
      }, timeMs);
  }
}

function levelOf(scan: RecordScan): string | undefined {
  const { record } = scan;
  const level = levelOfNumber(scan.varint(record, severityNumber));
  if (level !== undefined || !record.has(severityText)) return level;
  return levelOfText(scan.text(record.start(severityText), record.end(severityText)));
}

function attribute(scan: RecordScan, table: AttributeTable, key: AttributeKey): string | undefined {
  const index = table.find(key);
  const start = index < 0 ? -1 : table.valueStart(index);
  return start < 0 ? undefined : scan.valueText(start, table.valueEnd(index));
}
