import type { TestContextOptions } from '../context.ts';

/** One thing a component has to do. `run` throws, or rejects, where it does not. */
export interface Check {
  /** A sentence about the behaviour. */
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** What a component needs for the checks. */
export interface Conditions {
  /** Options with which it works in a test, as they stand in YAML; for a component that cannot do with its defaults. */
  readonly config?: unknown;
  /** What its context offers: answers of the other side, extensions. It is asked for once for each check. */
  readonly context?: () => TestContextOptions;
}
