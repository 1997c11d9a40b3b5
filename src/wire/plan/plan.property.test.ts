import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signals, type Batch, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { decode } from '../codec/decode.ts';
import { countRecords, encodeBytes } from '../codec/encode.ts';
import { Resource, Scope, type Decoded } from '../codec/records.ts';
import { applySteps } from './interpret.ts';
import { compilePlan } from './plan.ts';
import { requestFacts, stepList, telemetry } from './test-data/arbitraries.ts';
import { respell, type Spelling } from './test-data/respell.ts';

/** What a tree says: a resource or scope that is not there says the same as an empty one. */
function meaning(tree: Decoded): Decoded {
  for (const group of tree.resources) {
    group.resource ??= new Resource();
    for (const scopes of group.scopes) scopes.scope ??= new Scope();
  }
  return tree;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const spellings = fc.record({
  order: fc.constantFrom<Spelling['order']>('ascending', 'descending', 'shuffled'),
  oddity: fc.constantFrom(0, 0, 0.02, 0.2),
  seed: fc.nat(),
});

function expectSameAsRecords(signal: Signal, bytes: Uint8Array, steps: Parameters<typeof compilePlan>[1]): void {
  const batch: Batch = { signal, bytes, count: countRecords(decode({ signal, bytes })), meta: requestFacts };
  const before = Buffer.from(bytes);
  const tree = decode(batch);
  const { dropped } = applySteps(tree, steps, batch.meta);
  const result = compilePlan(signal, steps).run(batch);
  expect(result.dropped).toBe(dropped);
  expect(before.equals(bytes)).toBe(true);
  if (result.batch === undefined) {
    expect(countRecords(tree)).toBe(0);
    return;
  }
  expect(checkStructure(signal, result.batch.bytes).count).toBe(result.batch.count);
  deepStrictEqual(meaning(decode(result.batch)), meaning(decode({ signal, bytes: encodeBytes(tree) })));
}

function isSound(signal: Signal, bytes: Uint8Array): boolean {
  try {
    return checkStructure(signal, bytes).invalidUtf8 < 0;
  } catch {
    return false;
  }
}

describe.each(signals)('a plan on %s', (signal) => {
  test('does to bytes what its steps do to records, however the request is written', () => {
    fc.assert(
      fc.property(telemetry(signal), stepList(signal), spellings, (tree, steps, { seed, ...spelling }) => {
        const bytes = respell(signal, encodeBytes(tree), { ...spelling, random: seeded(seed) });
        expectSameAsRecords(signal, bytes, steps);
      }),
      { numRuns: 1500, interruptAfterTimeLimit: 3000 },
    );
  });

  test('does the same to requests with wrong bytes in them that pass the structural check', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    let passed = 0;
    fc.assert(
      fc.property(telemetry(signal), stepList(signal), flips, (tree, steps, places) => {
        const bytes = encodeBytes(tree);
        for (const [at, byte] of places) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        if (!isSound(signal, bytes)) return;
        passed += 1;
        expectSameAsRecords(signal, bytes, steps);
      }),
      { numRuns: 3000, interruptAfterTimeLimit: 3000 },
    );
    expect(passed).toBeGreaterThan(20);
  });
});
