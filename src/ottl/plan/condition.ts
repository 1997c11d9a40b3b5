import type { Condition, Subject } from '../../wire/index.ts';
import type { Linked, LinkedCall, LinkedValue } from '../check/linked.ts';
import { compare } from '../run/compare.ts';
import type { Value } from '../run/value.ts';
import type { ComparisonOperator } from '../syntax/tree.ts';
import { safeRegExp } from '../../wire/index.ts';

const always: Condition = { all: [] };
const never: Condition = { any: [] };

/** Up to here floats hold every int, so that comparing as floats and comparing exactly are the same. */
const exact = 2 ** 53;

/**
 * The same condition for an edit plan, which decides it on bytes. Undefined where a plan would not always say the same:
 * where an expression can fail, and where it depends on more than texts, numbers and bools.
 */
export function toCondition(linked: Linked): Condition | undefined {
  switch (linked.is) {
    case 'constant':
      return linked.value ? always : never;
    case 'all':
    case 'any': {
      const parts = linked.of.map(toCondition);
      if (!parts.every((part) => part !== undefined)) return undefined;
      return linked.is === 'all' ? { all: parts } : { any: parts };
    }
    case 'not': {
      const of = toCondition(linked.of);
      return of === undefined ? undefined : { not: of };
    }
    case 'compare':
      return comparison(linked.left, linked.operator, linked.right);
    case 'call':
      return match(linked);
  }
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function comparison(left: LinkedValue, operator: ComparisonOperator, right: LinkedValue): Condition | undefined {
  if (left.is === 'literal') {
    if (right.is === 'literal') return compare(left.value, right.value, operator) ? always : never;
    return comparison(right, mirrored[operator], left);
  }
  const subject = subjectOf(left);
  if (subject === undefined || right.is !== 'literal') return undefined;
  if (operator === '!=') {
    const equal = comparison(left, '==', right);
    return equal === undefined ? undefined : { not: equal };
  }
  if (right.value === null) return nilCheck(subject, operator);
  return operator === '==' ? equality(subject, right.value) : order(subject, operator, right.value);
}

/** What always has a value is never nil. */
function nilCheck(subject: Subject, operator: ComparisonOperator): Condition {
  const isAlwaysSet = 'field' in subject && subject.field !== 'body';
  return isAlwaysSet || operator === '<' || operator === '>' ? never : { not: { exists: subject, valued: true } };
}

function equality(subject: Subject, value: Value): Condition | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return { equals: subject, value };
  return isExact(value) ? { equals: subject, value } : undefined;
}

function order(subject: Subject, operator: '<' | '<=' | '>' | '>=', value: Value): Condition | undefined {
  return isExact(value) ? { compare: subject, is: operator, value } : undefined;
}

function isExact(value: Value): value is bigint | number {
  return (typeof value === 'bigint' || typeof value === 'number') && Math.abs(Number(value)) < exact;
}

function subjectOf(value: LinkedValue): Subject | undefined {
  if (value.is !== 'path' || value.field.plan === undefined) return undefined;
  const { plan } = value.field;
  if ('field' in plan) return value.keys.length === 0 ? { field: plan.field } : undefined;
  const [key, ...more] = value.keys;
  const isSimple = key?.is === 'literal' && typeof key.value === 'string' && more.length === 0;
  return isSimple ? { attribute: key.value, of: plan.attributesOf } : undefined;
}

/** Fields that are text match as they are; others may hold lists and maps, which match by their JSON. */
function match({ converter, args, keys }: LinkedCall): Condition | undefined {
  const [target, pattern] = args;
  if (converter.name !== 'IsMatch' || keys.length > 0 || target?.is !== 'path' || pattern?.is !== 'literal') {
    return undefined;
  }
  const subject = subjectOf(target);
  if (subject === undefined) return undefined;
  const isText = 'field' in subject && target.field.type === 'string';
  const matches = { matches: subject, pattern: safeRegExp(pattern.value as string) };
  return isText ? matches : { ...matches, structured: true };
}
