import { PermanentError, type OutgoingFacts } from 'sluice/plugin';
import { conformance, parseConfig, runExtension } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import headersSetter from './index.ts';

const oneHeader = { headers: [{ key: 'X-Scope-OrgID', value: 'acme' }] };

describe('conformance', () => {
  for (const check of conformance(headersSetter, { config: oneHeader })) it(check.name, check.run);
});

async function headers(rules: unknown[], facts: OutgoingFacts = {}, more = {}): Promise<unknown> {
  const { provides } = await runExtension(headersSetter, { headers: rules, ...more }, { extensions: { token: first } });
  return provides.clientAuth?.headers(facts);
}
const first = { headers: () => ({ Authorization: 'Bearer t', 'x-gone': undefined }) };
const outgoing = new Map(Object.entries({ there: 'old', 'content-type': 'a/b' }));
const brought = new Map([
  ['x-tenant', ['acme']],
  ['x-twice', ['a', 'b']],
  ['x-odd', ['schön\u0080']],
  ['x-empty', ['']],
]);

describe('actions', () => {
  it.each([
    ['upsert', 'There', 'new', 'new'],
    ['', 'there', 'new', 'new'],
    [undefined, 'there', 'new', 'new'],
    ['upsert', 'absent', 'new', 'new'],
    ['insert', 'there', 'new', 'old'],
    ['insert', 'absent', 'new', 'new'],
    ['update', 'there', 'new', 'new'],
    ['update', 'absent', 'new', undefined],
    ['delete', 'There', undefined, undefined],
    ['delete', 'absent', undefined, undefined],
  ])('%s of %s', async (action, key, value, expected) => {
    const rule = { key, ...(action !== undefined && { action }), ...(value !== undefined && { value }) };
    expect((await headers([rule], { outgoing })) as object).toHaveProperty('content-type', 'a/b');
    expect(((await headers([rule], { outgoing })) as Record<string, string>)[key.toLowerCase()]).toBe(expected);
  });

  it('come in their order', async () => {
    const rules = [
      { key: 'a', value: '1' },
      { key: 'a', action: 'insert', value: '2' },
      { key: 'b', action: 'update', value: '2' },
      { key: 'a', action: 'delete' },
      { key: 'a', action: 'insert', value: '3' },
    ];
    expect(await headers(rules)).toEqual({ a: '3' });
  });
});

describe('values', () => {
  it('come from the request that brought the batch', async () => {
    const facts = { headers: brought, identity: 'alice', tenant: 't1' };
    const rules = [
      { key: 'X-Scope-OrgID', from_context: 'X-Tenant' },
      { key: 'a', from_context: 'metadata.x-tenant' },
      { key: 'b', from_attribute: 'subject' },
      { key: 'c', from_attribute: 'tenant' },
    ];
    expect(await headers(rules, facts)).toEqual({ 'x-scope-orgid': 'acme', a: 'acme', b: 'alice', c: 't1' });
  });

  it('are the default where it brought none, and without one the header stays as it is', async () => {
    const rules = [
      { key: 'a', from_context: 'absent', default_value: 'd' },
      { key: 'b', from_context: 'x-empty', default_value: 'd' },
      { key: 'c', from_attribute: 'tenant', default_value: 'd' },
      { key: 'there', from_context: 'absent' },
    ];
    expect(await headers(rules, { headers: brought, outgoing })).toEqual({
      a: 'd',
      b: 'd',
      c: 'd',
      there: 'old',
      'content-type': 'a/b',
    });
  });

  it('that the request has several times, or that no header can carry, refuse the data for good', async () => {
    const facts = { headers: brought };
    await expect(headers([{ key: 'a', from_context: 'x-twice' }], facts)).rejects.toThrow(PermanentError);
    await expect(headers([{ key: 'a', from_context: 'x-odd' }], facts)).rejects.toThrow(PermanentError);
  });
});

it('puts its own headers over those of additional_auth', async () => {
  const before = { outgoing: new Map([['x-gone', '1']]) };
  const more = { additional_auth: 'token' };
  expect(await headers([{ key: 'a', value: '1' }], before, more)).toEqual({
    authorization: 'Bearer t',
    a: '1',
    'x-gone': undefined,
  });
  expect(await headers([{ key: 'authorization', action: 'insert', value: 'x' }], {}, more)).toEqual({
    authorization: 'Bearer t',
  });
});

describe('options', () => {
  it.each([
    [{}, 'expected array'],
    [{ headers: [] }, 'Too small'],
    [{ headers: [{ key: 'a' }] }, 'one of value, from_context, from_attribute is required'],
    [{ headers: [{ key: 'a b', value: 'c' }] }, 'expected the name of a header'],
    [{ headers: [{ key: 'Content-Length', value: '1' }] }, 'this header belongs to the transport'],
    [{ headers: [{ key: 'a', value: 'b', from_context: 'c' }] }, 'takes the place of value; found both'],
    [{ headers: [{ key: 'a', value: 'b\r\nc: d' }] }, 'holds characters that headers cannot carry'],
  ])('%j: %s', (config, message) => {
    expect(() => parseConfig(headersSetter, config)).toThrow(message);
  });
});
