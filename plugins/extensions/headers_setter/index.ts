import { defineExtension, type OutgoingFacts } from 'sluice/plugin';
import { config } from './config.ts';
import { applyRule } from './rule.ts';

export default defineExtension({
  type: 'headers_setter',
  summary: 'Sets headers of what exporters send, from fixed values or from what the sender brought along.',
  stability: 'beta',
  config,
  start({ headers: rules, additional_auth: more }, context) {
    const headersFor = async (facts: OutgoingFacts): Promise<Record<string, string | undefined>> => {
      const before = facts.outgoing ?? new Map<string, string>();
      const after = new Map(before);
      // Asked for with each request: it may start after this one.
      const first = more === undefined ? {} : await context.extension(more, 'clientAuth').headers(facts);
      for (const [name, value] of Object.entries(first)) {
        if (value === undefined) after.delete(name.toLowerCase());
        else after.set(name.toLowerCase(), value);
      }
      for (const rule of rules) applyRule(rule, after, facts);
      const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => [name, undefined] as const);
      return Object.fromEntries([...gone, ...after]);
    };
    return { provides: { clientAuth: { headers: headersFor } } };
  },
});
