/** The dialect: from YAML to a checked configuration, or to diagnostics that say what is wrong and where. */
export { codes, type Code } from './codes.ts';
export type {
  ComponentConfig,
  Configuration,
  PipelineConfig,
  PluginReference,
  ServiceConfig,
} from './configuration.ts';
export { fieldsWithoutDescription } from './descriptions.ts';
export type { Diagnostic, Place } from './diagnostic.ts';
export { formatDiagnostics } from './format.ts';
export { type Id } from './ids.ts';
export type { Environment } from './interpolate.ts';
export { jsonSchema } from './json-schema.ts';
export { loadConfig, readPluginNames, type Loaded } from './load.ts';
export { printConfig } from './print.ts';
export { createRegistry, type Found, type Registry } from './registry.ts';
export { serviceSchema, type ServiceLimits, type Telemetry } from './service-schema.ts';
export type { ConfigSource } from './source.ts';
