import type { ContextName } from '../paths/context.ts';
import type { View } from '../paths/field.ts';
import type { Value } from '../run/value.ts';

export interface Parameter<T> {
  /** As a named argument says it. */
  readonly name: string;
  /** Takes an argument, or throws TypeMismatch. Undefined where an optional argument is not given. */
  readonly read: (value: Value | undefined) => T;
  readonly optional: boolean;
}

/** What a call does with its arguments, in the order of the parameters. */
export type Run = (args: readonly (Value | undefined)[], view: View) => Value;

export interface Converter {
  readonly name: string;
  readonly parameters: readonly Parameter<unknown>[];
  /** The contexts that have it; all, where it is left out. */
  readonly contexts?: readonly ContextName[];
  /**
   * Prepares one call. `literals` has the arguments that are the same for every record, undefined for the others.
   * Throws EvaluationError or PatternError where one of those can never do.
   */
  prepare(literals: readonly (Value | undefined)[]): Run;
}

type Arguments<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

export function parameter<T>(name: string, read: (value: Value) => T): Parameter<T> {
  return { name, optional: false, read: (value) => read(value as Value) };
}

export function optional<T>(name: string, read: (value: Value) => T, fallback: T): Parameter<T> {
  return { name, optional: true, read: (value) => (value === undefined ? fallback : read(value)) };
}

/** A converter that is a plain function of its arguments. */
export function converter<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  run: (...args: Arguments<P>) => Value,
): Converter {
  const call: Run = (args) => run(...(parameters.map(({ read }, i) => read(args[i])) as Arguments<P>));
  return { name, parameters, prepare: () => call };
}
