import { actionSteps, attributeActions, defineProcessor, z, type Condition } from 'sluice/plugin';
import { matchCondition, matchProperties } from './match.ts';

export default defineProcessor({
  type: 'attributes',
  summary: 'Changes attributes of log records, spans and data points, of all or of those that match.',
  stability: 'beta',
  config: z.strictObject({
    actions: attributeActions,
    include: matchProperties.optional().describe('Change only what matches all of these.'),
    exclude: matchProperties.optional().describe('Leave alone what matches all of these. Looked at after `include`.'),
  }),
  edit: ({ actions, include, exclude }, { signal }) => {
    const conditions: Condition[] = [];
    if (include !== undefined) conditions.push(matchCondition(include, signal));
    if (exclude !== undefined) conditions.push({ not: matchCondition(exclude, signal) });
    return actionSteps(actions, 'record', conditions.length === 0 ? undefined : { all: conditions });
  },
});
