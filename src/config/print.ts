import { stringify } from 'yaml';
import type { Configuration } from './configuration.ts';

/** The effective configuration as YAML: sources merged, `${…}` replaced, defaults filled in, secrets as `[redacted]`. */
export function printConfig(configuration: Configuration): string {
  return stringify(configuration.effective, { lineWidth: 0, aliasDuplicateObjects: false });
}
