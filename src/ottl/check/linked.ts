import type { Converter, Run } from '../functions/converter.ts';
import type { Field } from '../paths/field.ts';
import type { Value } from '../run/value.ts';
import type { ComparisonOperator, MathOperator } from '../syntax/tree.ts';

/** A condition whose names are all known. */
export type Linked =
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'all' | 'any'; readonly of: readonly Linked[] }
  | { readonly is: 'not'; readonly of: Linked }
  | {
      readonly is: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: LinkedValue;
      readonly right: LinkedValue;
    }
  | LinkedCall;

export type LinkedValue =
  | { readonly is: 'literal'; readonly value: Value }
  | { readonly is: 'path'; readonly field: Field; readonly keys: readonly LinkedValue[] }
  | LinkedCall
  | { readonly is: 'negate'; readonly of: LinkedValue }
  | {
      readonly is: 'math';
      readonly operator: MathOperator;
      readonly left: LinkedValue;
      readonly right: LinkedValue;
    }
  | { readonly is: 'list'; readonly items: readonly LinkedValue[] }
  | { readonly is: 'map'; readonly entries: readonly { readonly key: string; readonly value: LinkedValue }[] };

export interface LinkedCall {
  readonly is: 'call';
  readonly converter: Converter;
  readonly run: Run;
  /** In the order of the parameters; undefined for optional ones that are not given. */
  readonly args: readonly (LinkedValue | undefined)[];
  readonly keys: readonly LinkedValue[];
}
