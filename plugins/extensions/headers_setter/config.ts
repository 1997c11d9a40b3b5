import { secret, z } from 'sluice/plugin';
import { fitsHeader, headerName } from '../credentials/header-value.ts';

/** What the transport itself has to say. */
const reserved =
  /^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive|upgrade|te|trailer|host|grpc-.*)$/i;

/** Facts about the sender, by the names that authenticators of the Collector give them. */
export const attributes = { subject: 'identity', username: 'identity', tenant: 'tenant' } as const;

const sources = ['value', 'from_context', 'from_attribute'] as const;

const header = z
  .strictObject({
    key: z
      .string()
      .regex(headerName, 'expected the name of a header')
      .refine((key) => !reserved.test(key), 'this header belongs to the transport')
      .describe('Name of the header.'),
    action: z
      .enum(['upsert', 'insert', 'update', 'delete', ''])
      .default('upsert')
      .describe('upsert: always; insert: where absent; update: where present; delete.'),
    value: secret().optional().describe('The value to set.'),
    from_context: z
      .string()
      .min(1)
      .optional()
      .describe('Header of the received request to take the value from; its receiver needs `include_metadata`.'),
    from_attribute: z
      .enum(['subject', 'username', 'tenant'])
      .optional()
      .describe('What an authenticator of the receiver found out about the sender.'),
    default_value: secret().optional().describe('The value where the request brought none.'),
  })
  .superRefine((options, context) => {
    const given = sources.filter((source) => options[source] !== undefined);
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (options.action !== 'delete' && given.length === 0) complain('key', `one of ${sources.join(', ')} is required`);
    if (given.length > 1) complain(given[1] as string, `takes the place of ${given[0]}; found both`);
    for (const path of ['value', 'default_value'] as const)
      if (!fitsHeader(options[path]?.reveal() ?? '')) complain(path, 'holds characters that headers cannot carry');
  });

export const config = z.strictObject({
  headers: z.array(header).min(1).describe('What to do with headers, in this order.'),
  additional_auth: z
    .string()
    .min(1)
    .optional()
    .meta({ refers: 'extension' })
    .describe('Id of another extension whose headers come first.'),
});

export type HeaderRule = z.output<typeof header>;
