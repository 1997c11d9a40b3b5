import { z } from 'zod';
import { byteSize, duration } from '../plugin/groups/index.ts';
import { telemetrySchema } from './telemetry-schema.ts';

const ids = (description: string) => z.array(z.string()).default([]).describe(description);

const pipeline = z.strictObject({
  receivers: ids('Receivers, and connectors that come from other pipelines.'),
  processors: ids('Processors, in the order in which data passes them.'),
  exporters: ids('Exporters, and connectors that lead to other pipelines.'),
});

const limits = z
  .strictObject({
    window_bytes: byteSize()
      .default(64 * 1024 * 1024)
      .describe('Most data in memory on its way, in bytes; receivers wait for room.'),
    answer_within: duration()
      .default(8000)
      .describe('How long a sender is kept waiting before it is told to try again.'),
    max_wait: duration()
      .default(1000)
      .describe('Longest time that data waits for a batch to fill while its sender waits.'),
    drain_timeout: duration()
      .default(10_000)
      .describe('How long a stop may take before what is left is given back to its senders.'),
    settle_deadline: duration()
      .default(300_000)
      .describe('After this long without an outcome for a delivery, the component that holds it is named in the log.'),
  })
  .prefault({})
  .describe('Bounds of the whole service.');

const deadLetters = z
  .strictObject({
    directory: z.string().describe('Folder for what destinations refuse for good, as files of JSON lines.'),
    max_size: byteSize()
      .default(1024 ** 3)
      .describe('Most to keep, in bytes; beyond it the oldest file goes, and its records are counted as dropped.'),
  })
  .optional()
  .describe('Where data goes that a destination refuses for good. Without it, its sender is told so.');

/** The section `service`. */
export const serviceSchema = z.strictObject({
  extensions: ids('Extensions to start, in this order.'),
  pipelines: z
    .record(z.string(), pipeline)
    .describe('Pipelines by id: a signal (`logs`, `traces`, `metrics`), or `signal/name`.'),
  telemetry: telemetrySchema,
  limits,
  dead_letters: deadLetters,
});

export type DeadLetterConfig = z.output<typeof deadLetters>;

export type ServiceLimits = z.output<typeof limits>;

/** What the service tells about itself. */
export interface Telemetry {
  readonly logs: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly encoding: 'console' | 'json' };
  readonly metrics: {
    readonly level: 'none' | 'basic' | 'normal' | 'detailed';
    /** Where the page `/metrics` listens; undefined where it is switched off. */
    readonly prometheus?: { readonly host: string; readonly port: number };
    readonly resource: Readonly<Record<string, string | number | boolean>>;
  };
}

/** Attributes as a map, whichever of their two spellings was used; null takes a default one away and is left out. */
function resourceAttributes(
  resource: z.output<typeof telemetrySchema>['resource'],
): Record<string, string | number | boolean> {
  const { attributes } = resource;
  const pairs = Array.isArray(attributes)
    ? attributes.map(({ name, value }) => [name, value] as const)
    : Object.entries(resource);
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof pair[1]),
    ),
  );
}

/** Brings old and new spellings of `service.telemetry` together. */
export function telemetryOf(written: z.output<typeof telemetrySchema>): Telemetry {
  const { level, readers, address } = written.metrics;
  const logs = { level: written.logs.level, encoding: written.logs.encoding };
  const pulls = readers?.flatMap((reader) => (reader.pull === undefined ? [] : [reader.pull.exporter.prometheus]));
  const listener = pulls === undefined ? splitAddress(address ?? 'localhost:8888') : pulls[0];
  const prometheus =
    level === 'none' || listener === undefined ? {} : { prometheus: { host: listener.host, port: listener.port } };
  return { logs, metrics: { level, resource: resourceAttributes(written.resource), ...prometheus } };
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host: host === '' ? '0.0.0.0' : host, port: Number(address.slice(colon + 1)) };
}
