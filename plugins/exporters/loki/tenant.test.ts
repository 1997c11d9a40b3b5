import { concat, type Batch } from 'sluice/plugin';
import { logsBatch } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { byTenant, tenant, type TenantOptions } from './tenant.ts';

const options = (given: object): TenantOptions => tenant.parse(given);
const of = (value?: string): Batch =>
  logsBatch([{ body: 'a' }], { resource: value === undefined ? {} : { 'tenant.id': value } });
const tenants = (batch: Batch, given: object) =>
  byTenant(batch, options(given)).map(({ tenant, batch, refused }) => [tenant, batch.count, refused?.message]);

describe('the tenant', () => {
  it('is nobody where none is configured', () => {
    expect(byTenant(of('a'), undefined)).toMatchObject([{ tenant: undefined }]);
  });

  it('is a constant', () => {
    expect(tenants(of('a'), { value: 'acme' })).toEqual([['acme', 1, undefined]]);
  });

  it('is cut from the batch by a resource attribute', () => {
    const batch = concat([of('a'), of('b'), of('a'), of()]);
    expect(tenants(batch, { from_attribute: 'tenant.id', default: 'rest' })).toEqual([
      ['a', 2, undefined],
      ['b', 1, undefined],
      ['rest', 1, undefined],
    ]);
  });

  it('is what the authenticator says, and never what a header says', () => {
    const headers = new Map([['x-scope-orgid', ['mallory']]]);
    const sent = (who?: string): Batch =>
      logsBatch([{ body: 'a' }], { meta: { headers, ...(who !== undefined && { tenant: who }) } });
    expect(tenants(sent('alice'), { from_context: true })).toEqual([['alice', 1, undefined]]);
    expect(tenants(sent(), { from_context: true })).toEqual([
      [undefined, 1, 'no tenant for Loki: the authenticator gives none'],
    ]);
  });

  it.each(['a|b', '..', 'a/b', 'a\r\nX-Evil: 1', 'x'.repeat(151)])(
    'is refused where Loki cannot have it: %j',
    (value) => {
      const [part] = byTenant(of(value), options({ from_attribute: 'tenant.id' }));
      expect(part?.refused?.message).toMatch(/^no tenant for Loki: attribute tenant.id gives "/);
    },
  );

  it('comes from one source', () => {
    expect(() => options({})).toThrow('one of value, from_attribute, from_context is required');
    expect(() => options({ value: 'a', from_context: true })).toThrow('takes the place of value; found both');
    expect(() => options({ value: 'a b' })).toThrow('expected a tenant of Loki');
  });
});
