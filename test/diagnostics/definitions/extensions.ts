import { defineExtension, secret, z } from '../../../src/plugin/index.ts';

const fileStorage = defineExtension({
  type: 'file_storage',
  summary: 'Keeps state in files.',
  config: z.strictObject({
    directory: z.string().default('/var/lib/otelcol/file_storage').describe('Where the files are.'),
  }),
  start: () => ({}),
});

const bearerTokenAuth = defineExtension({
  type: 'bearertokenauth',
  summary: 'Adds or checks a bearer token.',
  config: z.strictObject({ token: secret().describe('The token.') }),
  start: () => ({}),
});

const healthCheck = defineExtension({
  type: 'health_check',
  summary: 'Answers health probes.',
  config: z.strictObject({ endpoint: z.string().default('localhost:13133').describe('Address to listen on.') }),
  start: () => ({}),
});

export const extensions = [fileStorage, bearerTokenAuth, healthCheck];
