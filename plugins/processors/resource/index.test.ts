import { readFileSync } from 'node:fs';
import { checkStructure, decode, type Attributes, type Batch, type Signal } from 'sluice/plugin';
import { conformance, logsBatch, parseConfig, runProcessor } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';

const config = {
  attributes: [
    { key: 'deployment.environment.name', value: 'staging', action: 'upsert' },
    { key: 'cluster', value: 'c1', action: 'insert' },
    { key: 'host.name', action: 'delete' },
  ],
};

describe('conformance', () => {
  for (const check of conformance(definition, { config })) test(check.name, check.run);
});

function fixture(signal: Signal, order: 'ascending' | 'collector'): Batch {
  const bytes = readFileSync(new URL(`../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
  return { signal, bytes, count: checkStructure(signal, bytes).count, meta: { receivedAt: 0 } };
}

function resources(batch: Batch): (Attributes | undefined)[] {
  return decode(batch).resources.map(({ resource }) => resource?.attributes);
}

describe.each(['logs', 'traces', 'metrics'] as const)('on %s', (signal) => {
  test.each(['ascending', 'collector'] as const)(
    'changes every resource of a request in %s order, and nothing else',
    async (order) => {
      const input = fixture(signal, order);
      const { batches } = await runProcessor(definition, config, [input]);
      const output = batches[0] as Batch;
      const before = decode(input);
      for (const [i, attributes] of resources(output).entries()) {
        expect(attributes?.get('deployment.environment.name')).toBe('staging');
        expect(attributes?.get('cluster')).toBe('c1');
        expect(attributes?.has('host.name')).toBe(false);
        expect(attributes?.get('service.name')).toBe(before.resources[i]?.resource?.attributes.get('service.name'));
      }
      const after = decode(output);
      expect(after.resources.map(({ scopes }) => scopes)).toEqual(before.resources.map(({ scopes }) => scopes));
      expect(output.count).toBe(input.count);
    },
  );
});

test('a sender without a resource gets one', async () => {
  const { batches } = await runProcessor(definition, config, [logsBatch([{ body: 'x' }])]);
  expect([...(resources(batches[0] as Batch)[0] ?? [])]).toEqual([
    ['deployment.environment.name', 'staging'],
    ['cluster', 'c1'],
  ]);
});

test('at least one action is needed', () => {
  expect(() => parseConfig(definition, { attributes: [] })).toThrow('Too small');
});
