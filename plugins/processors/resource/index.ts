import { actionSteps, attributeActions, defineProcessor, z } from 'sluice/plugin';

export default defineProcessor({
  type: 'resource',
  summary: 'Changes attributes of resources. Records are not looked at, only carried along.',
  stability: 'beta',
  config: z.strictObject({ attributes: attributeActions }),
  edit: ({ attributes }) => actionSteps(attributes, 'resource'),
});
