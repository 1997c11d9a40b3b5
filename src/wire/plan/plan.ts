import { withBytes, type Batch, type Signal } from '../batch.ts';
import { close, open, release } from './arena.ts';
import { Compilation } from './compilation.ts';
import { applyDecoded, applyToOdd } from './decode-odd.ts';
import { Kernel } from './kernel.ts';
import { checkPlacement } from './levels.ts';
import { nodesOf } from './nodes.ts';
import { compileStep } from './operations.ts';
import { shapeOf } from './shape.ts';
import { bindInput } from './sources.ts';
import type { Step } from './step.ts';

export interface PlanResult {
  /** The batch itself where nothing in it changed; undefined where no record is left. */
  readonly batch?: Batch;
  /** Records dropped. */
  readonly dropped: number;
}

/** Steps made ready to run. */
export interface Plan {
  readonly signal: Signal;
  readonly steps: readonly Step[];
  /** Applies the steps to a batch of the plan's signal that passed the structural check. */
  run(batch: Batch): PlanResult;
}

/**
 * Fuses steps into one walk over the encoded records and one write. What cannot be done on bytes (keys that occur twice,
 * values with several members, fields spelled in unusual ways) is done on decoded records, for just the records concerned.
 * Throws RangeError where a step on a resource or scope depends on something further in.
 */
export function compilePlan(signal: Signal, steps: readonly Step[]): Plan {
  checkPlacement(signal, steps);
  const compilation = new Compilation(signal, steps);
  if (compilation.tooManyPatterns) return { signal, steps, run: (batch) => applyDecoded(batch, steps) };
  for (const step of steps) compileStep(compilation, step);
  const constants = compilation.bytes;
  const { inputs, registers } = compilation;
  let current: Batch | undefined;
  const kernel = new Kernel(nodesOf(compilation, shapeOf(signal)), (odd) =>
    applyToOdd(signal, odd, steps, (current as Batch).meta),
  );

  function run(batch: Batch): PlanResult {
    if (steps.length === 0) return { batch, dropped: 0 };
    const start = open(constants, batch.bytes);
    current = batch;
    try {
      const bound = inputs.every(({ register, read }) => bindInput(registers, register, read(batch.meta)));
      const output = start + batch.bytes.length;
      if (!bound || !kernel.run(start, output)) return applyDecoded(batch, steps);
      const { dropped, touched } = kernel;
      if (!touched) return { batch, dropped };
      const count = batch.count - dropped;
      return count === 0 && dropped > 0 ? { dropped } : { batch: withBytes(batch, close(output), count), dropped };
    } finally {
      current = undefined;
      release();
    }
  }
  return { signal, steps, run };
}
