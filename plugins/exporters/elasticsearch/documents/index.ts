import { Attributes } from 'sluice/plugin';
import { jsonOf } from '../../plain-json.ts';
import type { Config } from '../config.ts';
import type { DataStream } from '../index-name.ts';
import { NoDocument, type Document } from './document.ts';
import { ecsDocuments } from './ecs.ts';
import { flatDocuments } from './flat.ts';
import { otelDocuments } from './otel.ts';
import type { Entry } from '../../decoded-entries.ts';

/** The documents that a record becomes. Throws NoDocument where the mode has none for it. `time` is its event's, in nanoseconds. */
export function documentsOf(
  mode: Config['mapping']['mode'],
  entry: Entry,
  stream: DataStream | undefined,
  time: bigint,
): readonly Document[] {
  switch (mode) {
    case 'otel':
      if (entry.kind === 'log') throw new NoDocument('log records become documents of mode otel from their bytes');
      return otelDocuments(entry, stream, time);
    case 'ecs':
      return ecsDocuments(entry, stream, time);
    case 'none':
    case 'raw':
      return flatDocuments(entry, stream, time, mode === 'raw');
    case 'bodymap':
      return [{ json: bodyOf(entry) }];
  }
}

/** The body and nothing else. */
function bodyOf(entry: Entry): string {
  if (entry.kind === 'log' && entry.record.body instanceof Attributes) return jsonOf(entry.record.body);
  throw new NoDocument('mapping mode bodymap has documents for log records with a map as their body only');
}
