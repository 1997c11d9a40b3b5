import type { ConnectorDefinition } from '../../plugin/index.ts';
import { signals } from '../../wire/index.ts';
import { openConnector } from '../run-connector.ts';
import { samples } from './samples.ts';
import { streamChecks } from './stream.ts';
import type { Check, Conditions } from './types.ts';

/** Checks of a connector, for each pair of signals it joins. */
export function connectorChecks(definition: ConnectorDefinition, { config, context }: Conditions): readonly Check[] {
  const pairs = signals.flatMap((from) => (definition.pairs[from] ?? []).map((to) => ({ from, to })));
  return pairs.flatMap(({ from, to }) =>
    streamChecks((onOut) => openConnector(definition, config, { from, to, ...context?.(), onOut }), samples(from)).map(
      ({ name, run }) => ({
        name: `${from} to ${to}: ${name}`,
        run,
      }),
    ),
  );
}
