import { conformance, logsBatch, runConnector } from 'sluice/testing';
import { PermanentError } from 'sluice/plugin';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';

describe('conformance', () => {
  for (const check of conformance(definition)) test(check.name, check.run);
});

test('what goes in comes out for all pipelines, the same bytes', async () => {
  const batch = logsBatch([{ body: 'a' }]);
  const { routed } = await runConnector(definition, {}, [batch]);
  expect(routed).toEqual([{ batch, pipelines: undefined }]);
});

test('a refusal further down reaches the sender', async () => {
  const error = new PermanentError('no');
  const { outcomes } = await runConnector(definition, {}, [logsBatch([{ body: 'a' }])], {
    onOut: (delivery) => delivery.fail(error),
  });
  expect(outcomes).toEqual([{ ok: false, error }]);
});
