import type { z } from 'zod';
import { listed } from './ids.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
  null: 'nothing',
};

/** What an issue says should stand there, to come after "must be"; undefined where only its message says it. */
export function expectation(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') return typeNames[issue.expected] ?? `of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return oneOf(issue.values);
  if (issue.code === 'too_small')
    return bound(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least');
  if (issue.code === 'too_big')
    return bound(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most');
  return issue.code === 'not_multiple_of' ? `a multiple of ${issue.divisor}` : undefined;
}

function bound(origin: string, limit: number, relation: string): string {
  if (origin === 'string')
    return limit === 1 && relation === 'at least' ? 'a text that is not empty' : `${relation} ${limit} characters long`;
  if (origin === 'array' || origin === 'set') return `a list of ${relation} ${limit}`;
  return `${relation} ${limit}`;
}

export function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return words.length === 1 ? listed(words) : `one of ${listed(words, 'or')}`;
}
