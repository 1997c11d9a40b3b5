import { httpClientFields, z } from 'sluice/plugin';

const ofSignal = (signal: string) =>
  z.string().min(1).optional().describe(`Whole URL for ${signal}, in place of the one made of \`endpoint\`.`);

export const config = z
  .strictObject({
    endpoint: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where to send: `https://host:port`, `http://…`, `host:port` or `unix:///path`; `/v1/<signal>` is added.',
      ),
    traces_endpoint: ofSignal('traces'),
    metrics_endpoint: ofSignal('metrics'),
    logs_endpoint: ofSignal('logs'),
    profiles_endpoint: z.string().optional().describe('Taken for compatibility; profiles are not sent.'),
    encoding: z.enum(['proto', 'json']).default('proto').describe('How requests are encoded.'),
    ...httpClientFields,
  })
  .refine(
    (options) =>
      [options.endpoint, options.traces_endpoint, options.metrics_endpoint, options.logs_endpoint].some(
        (url) => url !== undefined,
      ),
    'endpoint, or the endpoint of a signal, is required',
  );

export type Config = z.output<typeof config>;
