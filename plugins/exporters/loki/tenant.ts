import { groupByResourceAttribute, PermanentError, z, type Batch } from 'sluice/plugin';

/** What Loki takes as the name of a tenant. */
const valid = /^(?!\.{1,2}$)[a-zA-Z0-9!_.*'()-]{1,150}$/;

const name = z.string().regex(valid, "expected a tenant of Loki: up to 150 letters, digits and !-_.*'()");

const sources = ['value', 'from_attribute', 'from_context'] as const;

export const tenant = z
  .strictObject({
    value: name.optional().describe('One tenant for everything.'),
    from_attribute: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Resource attribute that names the tenant. Whoever sends the data chooses it, unless a processor before sets it.',
      ),
    from_context: z
      .boolean()
      .default(false)
      .describe('The tenant that the authenticator of the receiver found. Headers of the sender play no part.'),
    default: name.optional().describe('The tenant of data that brings none. Left out: such data is refused.'),
  })
  .superRefine((options, context) => {
    const given = sources.filter((source) => options[source] !== undefined && options[source] !== false);
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: options });
    if (given.length === 0) complain('value', `one of ${sources.join(', ')} is required`);
    if (given.length > 1) complain(given[1] as string, `takes the place of ${given[0]}; found both`);
  });

export type TenantOptions = z.output<typeof tenant>;

/** Data of one tenant; undefined where none is configured. `refused` says why it cannot be sent. */
export interface TenantPart {
  readonly tenant: string | undefined;
  readonly batch: Batch;
  readonly refused?: PermanentError;
}

/** A batch cut by tenant. */
export function byTenant(batch: Batch, options: TenantOptions | undefined): readonly TenantPart[] {
  if (options === undefined) return [{ tenant: undefined, batch }];
  if (options.value !== undefined) return [{ tenant: options.value, batch }];
  if (options.from_attribute === undefined) return [partOf(batch.meta.tenant, batch, options)];
  return [...groupByResourceAttribute(batch, options.from_attribute)].map(([value, part]) =>
    partOf(value, part, options),
  );
}

function partOf(value: string | undefined, batch: Batch, options: TenantOptions): TenantPart {
  const tenant = value === undefined || value === '' ? options.default : value;
  if (tenant !== undefined && valid.test(tenant)) return { tenant, batch };
  const source = options.from_attribute === undefined ? 'the authenticator' : `attribute ${options.from_attribute}`;
  const found = tenant === undefined ? 'gives none' : `gives ${JSON.stringify(tenant.slice(0, 150))}`;
  return { tenant: undefined, batch, refused: new PermanentError(`no tenant for Loki: ${source} ${found}`) };
}
