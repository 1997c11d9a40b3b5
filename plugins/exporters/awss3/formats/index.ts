import type { Signal } from 'sluice/plugin';
import type { ObjectFormat } from '../format.ts';
import type { ParquetOptions } from '../parquet/options.ts';
import { body } from './body.ts';
import { ndjson } from './ndjson/index.ts';
import { otlpJson } from './otlp-json.ts';
import { otlpProto } from './otlp-proto.ts';

/** Options of formats that have some. */
export interface FormatOptions {
  readonly parquet: ParquetOptions;
}

/** The formats by their name in `marshaler`. */
const formats = {
  otlp_json: () => otlpJson,
  otlp_proto: () => otlpProto,
  body,
  ndjson,
  // Loaded only where it is asked for.
  parquet: async (options) => (await import('../parquet/index.ts')).parquet(options.parquet),
} satisfies Readonly<Record<string, (options: FormatOptions) => ObjectFormat | Promise<ObjectFormat>>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as [FormatName, ...FormatName[]];

export async function createFormat(name: FormatName, options: FormatOptions): Promise<ObjectFormat> {
  return await formats[name](options);
}

/** Why a format has nothing for a signal; undefined where it takes it. */
export function unfit(name: FormatName, signal: Signal): string | undefined {
  return name === 'body' && signal !== 'logs' ? `marshaler body takes logs, not ${signal}` : undefined;
}
