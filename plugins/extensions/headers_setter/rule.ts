import { PermanentError, type OutgoingFacts } from 'sluice/plugin';
import { fitsHeader } from '../credentials/header-value.ts';
import { attributes, type HeaderRule } from './config.ts';

/**
 * Applies one rule to headers, keys in lower case. Throws PermanentError where what the sender brought cannot be a header of
 * its own: it stays so however often it is sent.
 */
export function applyRule(rule: HeaderRule, headers: Map<string, string>, facts: OutgoingFacts): void {
  const key = rule.key.toLowerCase();
  const present = (headers.get(key) ?? '') !== '';
  if (rule.action === 'delete') headers.delete(key);
  else if ((rule.action === 'insert' && present) || (rule.action === 'update' && !present)) return;
  else {
    const value = valueOf(rule, facts);
    if (value !== undefined) headers.set(key, value);
  }
}

/** Undefined where there is nothing to set, which leaves the header as it is. */
function valueOf(
  { key, value, from_context, from_attribute, default_value }: HeaderRule,
  facts: OutgoingFacts,
): string | undefined {
  if (value !== undefined) return value.reveal();
  const brought =
    from_context === undefined
      ? [facts[attributes[from_attribute as keyof typeof attributes]]].flatMap((one) => one ?? [])
      : (facts.headers?.get(from_context.replace(/^metadata\./, '').toLowerCase()) ?? []);
  if (brought.length > 1)
    throw new PermanentError(`header ${key}: the request has ${from_context} ${brought.length} times`);
  const [only] = brought;
  if (only === undefined || only === '') return default_value?.reveal();
  if (!fitsHeader(only))
    throw new PermanentError(`header ${key}: ${from_context ?? from_attribute} holds what no header can carry`);
  return only;
}
