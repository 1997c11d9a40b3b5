import type { Definition } from '../../plugin/index.ts';
import { connectorChecks } from './connector.ts';
import { descriptionChecks } from './description.ts';
import { exporterChecks } from './exporter.ts';
import { processorChecks } from './processor.ts';
import { startStopChecks } from './start-stop.ts';
import type { Check, Conditions } from './types.ts';

export type { Check, Conditions } from './types.ts';

/**
 * What every component has to pass, as a list of named checks, for any test runner:
 * `for (const check of conformance(definition, { config })) test(check.name, check.run)`. A check throws where the component fails it.
 */
export function conformance(definition: Definition, conditions: Conditions = {}): readonly Check[] {
  return [...descriptionChecks(definition, conditions), ...behaviourChecks(definition, conditions)];
}

function behaviourChecks(definition: Definition, conditions: Conditions): readonly Check[] {
  if (definition.kind === 'processor') return processorChecks(definition, conditions);
  if (definition.kind === 'connector') return connectorChecks(definition, conditions);
  const startStop = startStopChecks(definition, conditions);
  return definition.kind === 'exporter' ? [...startStop, ...exporterChecks(definition, conditions)] : startStop;
}
