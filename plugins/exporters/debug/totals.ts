import { recordsOf, resourcesOf, scopesOf, type Batch, type Range, type Signal } from 'sluice/plugin';

/** The word that the Collector prints before the totals. */
export const title: Readonly<Record<Signal, string>> = { logs: 'Logs', traces: 'Traces', metrics: 'Metrics' };

const resourceName: Readonly<Record<Signal, string>> = {
  logs: 'resource logs',
  traces: 'resource spans',
  metrics: 'resource metrics',
};
const recordName: Readonly<Record<Signal, string>> = { logs: 'log records', traces: 'spans', metrics: 'data points' };

/** What a batch holds, under the names that the Collector prints. */
export function totals(batch: Batch): Readonly<Record<string, number>> {
  const resources = [...resourcesOf(batch)];
  return {
    [resourceName[batch.signal]]: resources.length,
    ...(batch.signal === 'metrics' && { metrics: entries(batch, resources) }),
    [recordName[batch.signal]]: batch.count,
  };
}

function entries(batch: Batch, resources: readonly Range[]): number {
  let count = 0;
  for (const resource of resources) {
    for (const scope of scopesOf(batch, resource)) count += [...recordsOf(batch, scope)].length;
  }
  return count;
}
