import { duration, secret, tlsClient, z } from 'sluice/plugin';

const file = (what: string) =>
  z.string().min(1).optional().describe(`File with the ${what}, read with every refresh; it wins over \`${what}\`.`);

const oneOrMore = z.union([z.string(), z.array(z.string())]);

export const config = z
  .strictObject({
    client_id: z.string().optional().describe('Name of this client at the authorization server.'),
    client_id_file: file('client_id'),
    client_secret: secret().optional().describe('Its secret.'),
    client_secret_file: file('client_secret'),
    token_url: z
      .url({ protocol: /^https?$/, error: 'expected https://host/path or http://host/path' })
      .describe('Where tokens come from.'),
    scopes: z.array(z.string()).default([]).describe('What the tokens shall be good for.'),
    endpoint_params: z
      .record(z.string(), oneOrMore)
      .default({})
      .describe('Further parameters of the request for a token, such as `audience`.'),
    timeout: duration().default(10_000).describe('Longest time to wait for a token; 0 is unbounded.'),
    expiry_buffer: duration()
      .default(300_000)
      .describe('How long before its end a token is refreshed; half of its life at most.'),
    grant_type: z.enum(['client_credentials', '']).default('client_credentials').describe('How tokens are asked for.'),
    tls: tlsClient,
  })
  .superRefine((options, context) => {
    const complain = (path: string): void =>
      context.addIssue({ code: 'custom', path: [path], message: `${path} or ${path}_file is required` });
    if (options.client_id_file === undefined && (options.client_id ?? '') === '') complain('client_id');
    if (options.client_secret_file === undefined && (options.client_secret?.reveal() ?? '') === '')
      complain('client_secret');
  });

export type Config = z.output<typeof config>;
