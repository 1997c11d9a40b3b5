import {
  EvaluationError,
  PermanentError,
  type ContextName,
  type Logger,
  type OttlCondition,
  type Place,
  type RecordChange,
  type Span,
} from 'sluice/plugin';
import type { Rule } from './rules.ts';

type View = Parameters<OttlCondition['test']>[0];
type Decide = (view: View) => boolean;

/** How often, at most, a condition that cannot be decided is named in the log. */
const quietMs = 10_000;

/** Drops records, and events of spans, on which a rule holds. */
export function dropping(rules: readonly Rule[], logger: Logger): RecordChange {
  const records = rules.filter(({ condition }) => condition.context !== 'spanevent');
  const events = rules.filter(({ condition }) => condition.context === 'spanevent');
  const drops = oneOf(records, logger);
  const dropsEvent = oneOf(events, logger);
  return (record, place) => {
    if (drops({ record, place })) return undefined;
    if (events.length > 0) dropEvents(record as Span, place, dropsEvent);
    return record;
  };
}

function dropEvents(span: Span, place: Place, drops: Decide): void {
  span.events = span.events.filter((event, eventIndex) => !drops({ record: span, place, event, eventIndex }));
}

function oneOf(rules: readonly Rule[], logger: Logger): Decide {
  const tests = rules.map((rule) => perObject(rule.condition.context, tolerant(rule, logger)));
  return (view) => tests.some((test) => test(view));
}

/** A condition that cannot be decided does not hold. */
export function tolerant({ condition: { text, test }, errorMode }: Rule, logger: Logger): Decide {
  let lastSaid = -Infinity;
  let unsaid = 0;
  return (view) => {
    try {
      return test(view);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (errorMode === 'propagate')
        throw new PermanentError(`${error.message}, in the condition ${text}`, { cause: error });
      if (errorMode === 'silent') return false;
      unsaid += 1;
      if (Date.now() - lastSaid < quietMs) return false;
      logger.warn(
        { condition: text, error: error.message, times: unsaid },
        'condition cannot be decided; taken as false',
      );
      lastSaid = Date.now();
      unsaid = 0;
      return false;
    }
  };
}

/** What is about a resource, scope or metric is decided once for all records of it, before any of them is gone. */
function perObject(context: ContextName, decide: Decide): Decide {
  if (context !== 'resource' && context !== 'scope' && context !== 'metric') return decide;
  let last: object | undefined;
  let answer = false;
  return (view) => {
    const subject: object | undefined = view.place[context];
    if (subject !== last || subject === undefined) {
      answer = decide(view);
      last = subject;
    }
    return answer;
  };
}
