import { exporterDelivery, type Definition, type z } from '../plugin/index.ts';

/** The configuration type of a definition. */
export type ConfigOf<D extends Definition> = z.output<D['config']>;

/** Options that the engine adds to queued exporters; a test may give them as a user would. */
const engineOptions = new Set(Object.keys(exporterDelivery('5s')));

/** Options as they stand in YAML, checked and with their defaults. Throws what the schema says. */
export function parseConfig<D extends Definition>(definition: D, options: unknown = {}): ConfigOf<D> {
  const own =
    definition.kind === 'exporter' && definition.delivery === 'queued' ? withoutEngineOptions(options) : options;
  return definition.config.parse(own) as ConfigOf<D>;
}

function withoutEngineOptions(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !engineOptions.has(name)));
}
