import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { QueueModel } from './testing/queue-model.ts';

type Action = (model: QueueModel) => Promise<void>;

const sizes = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 6 });
const byte = fc.integer({ min: 0, max: 255 });

/** An action with a name, so that a failing run can be read. */
function action(name: string, run: Action): Action {
  return Object.assign(run, { toString: () => name });
}

const healthy: fc.WeightedArbitrary<Action>[] = [
  { weight: 6, arbitrary: sizes.map((s) => action(`append(${s.join()})`, (model) => model.append(s))) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 8 }), byte)
      .map(([n, bits]) => action(`consume(${n}, ${bits})`, async (model) => void (await model.consume(n, bits)))),
  },
  { weight: 2, arbitrary: fc.constant(action('flush', (model) => model.flush())) },
  { weight: 2, arbitrary: fc.constant(action('pass', (model) => model.pass(200))) },
  { weight: 1, arbitrary: fc.constant(action('reopen', (model) => model.reopen())) },
];

const failing: fc.WeightedArbitrary<Action>[] = [
  { weight: 2, arbitrary: fc.constant(action('crash', (model) => model.crash())) },
  { weight: 1, arbitrary: fc.constant(action('kill', (model) => model.kill())) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 25 }), sizes)
      .map(([n, s]) => action(`crashWithin(${n}, ${s.join()})`, (model) => model.crashWithin(n, s))),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: 3 })
      .map((n) => action(`failingSyncs(${n})`, async (model) => void (model.fs.faults.failingSyncs = n))),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Infinity))
      .map((n) => action(`capacity(${n})`, async (model) => void (model.fs.faults.capacity = n))),
  },
];

const flipping: fc.WeightedArbitrary<Action>[] = [
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(20), fc.nat(8000), fc.integer({ min: 1, max: 255 }))
      .map(([file, at, mask]) => action(`flip(${file}, ${at}, ${mask})`, (model) => model.flip(file, at, mask))),
  },
];

async function holds(seed: number, actions: readonly Action[]): Promise<void> {
  let state = seed >>> 0;
  // xorshift: the same losses in every run of a counterexample.
  const draw = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const model = new QueueModel(draw);
  await model.open();
  for (const run of actions) await run(model);
  await model.finish();
}

const runs = Number(process.env['DURABLE_RUNS'] ?? 300);
const seeds = fc.integer({ min: 1, max: 2 ** 31 });

function law(...choices: fc.WeightedArbitrary<Action>[]): Promise<void> {
  const actions = fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 25, size: 'max' });
  return fc.assert(fc.asyncProperty(seeds, actions, holds), {
    numRuns: runs,
    interruptAfterTimeLimit: runs > 300 ? 600_000 : 4000,
  });
}

test('what was acknowledged is delivered exactly as appended when nothing fails', async () => {
  await expect(law(...healthy)).resolves.toBeUndefined();
});

test('fault 3: what was acknowledged survives power loss, crashes, failed syncs and full disks', async () => {
  await expect(law(...healthy, ...failing)).resolves.toBeUndefined();
});

test('a flipped byte costs at most the record it is in, and is reported', async () => {
  await expect(law(...healthy, ...failing, ...flipping)).resolves.toBeUndefined();
});
