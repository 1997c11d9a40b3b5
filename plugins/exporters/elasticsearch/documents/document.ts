import type { Attributes } from 'sluice/plugin';
import { JsonObject } from '../../plain-json.ts';
import type { DataStream } from '../index-name.ts';

/** One document for the index: JSON text. */
export interface Document {
  readonly json: string;
  /** Where it goes, when it is not where its record goes. */
  readonly stream?: DataStream;
}

/** A record cannot be a document in this mapping mode. */
export class NoDocument extends Error {}

/** Attributes that say what to do with a record. They are not part of its document. */
export const steering: ReadonlySet<string> = new Set([
  'data_stream.type',
  'data_stream.dataset',
  'data_stream.namespace',
  'elastic.mapping.hints',
  'elastic.mapping.mode',
  'elasticsearch.document_id',
  'elasticsearch.document_pipeline',
  'elasticsearch.index',
]);

/** `data_stream` as an object; empty where the index is none of a data stream. */
export function streamObject(stream: DataStream | undefined): JsonObject {
  const object = new JsonObject();
  if (stream === undefined) return object;
  return object.addText('type', stream.type).addText('dataset', stream.dataset).addText('namespace', stream.namespace);
}

export function isPlain(key: string): boolean {
  return !steering.has(key);
}

export function plainAttributes(attributes: Attributes): JsonObject {
  return new JsonObject().addAll(attributes, isPlain);
}
