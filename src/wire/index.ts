export { MalformedError, signals, type Batch, type Meta, type Signal } from './batch.ts';
export { concat } from './concat.ts';
export type { Condition, Source, Step, Subject, Target } from './plan/step.ts';
