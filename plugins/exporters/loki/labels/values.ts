import type { AttributeKey, AttributeTable, RecordScan } from 'sluice/plugin';
import { levelOfNumber, levelOfText } from './level.ts';
import type { Source } from './sources.ts';

const severityNumber = 2;
const severityText = 3;
const scopeName = 1;

type Message = RecordScan['record'];

/** A record of a batch with its resource and scope. */
export interface Place {
  /** Has begun the batch. */
  readonly scan: RecordScan;
  readonly resource: Message;
  readonly scope: Message;
  readonly record: Message;
}

/** The value that a source has for a record; undefined where it has none, or the empty one. */
export function valueOf(place: Place, source: Source, timeMs: number): string | undefined {
  const value = read(place, source, timeMs);
  return value === '' ? undefined : value;
}

function read({ scan, resource, scope, record }: Place, source: Source, timeMs: number): string | undefined {
  switch (source.from) {
    case 'static':
      return source.value;
    case 'severity':
      return levelOf(scan, record);
    case 'scope':
      return scope.has(scopeName) ? scan.text(scope.start(scopeName), scope.end(scopeName)) : undefined;
    case 'resource':
      return attribute(scan, resource.attributes, source.key);
    case 'record':
      return attribute(scan, record.attributes, source.key);
    case 'template':
      return source.template.render(({ of, key }) => {
        const prepared = source.keys.get(key) as AttributeKey;
        if (of === 'resource') return attribute(scan, resource.attributes, prepared);
        const own = attribute(scan, record.attributes, prepared);
        if (of === 'record' || own !== undefined) return own;
        return attribute(scan, scope.attributes, prepared) ?? attribute(scan, resource.attributes, prepared);
      }, timeMs);
  }
}

function levelOf(scan: RecordScan, record: Message): string | undefined {
  const level = levelOfNumber(scan.varint(record, severityNumber));
  if (level !== undefined || !record.has(severityText)) return level;
  return levelOfText(scan.text(record.start(severityText), record.end(severityText)));
}

function attribute(scan: RecordScan, table: AttributeTable, key: AttributeKey): string | undefined {
  const index = table.find(key);
  const start = index < 0 ? -1 : table.valueStart(index);
  return start < 0 ? undefined : scan.valueText(start, table.valueEnd(index));
}
