import { defineProcessor, type Call, type Signal } from 'sluice/plugin';
import { config } from './config.ts';
import { writtenKeys } from './findings.ts';
import { Redactor } from './redactor.ts';

export default defineProcessor({
  type: 'redaction',
  summary: 'Removes attributes that are not allowed, and masks values that must not be seen.',
  stability: 'beta',
  config,
  edit: (options, { signal }) => stepsOf(new Redactor(options), signal),
});

function stepsOf(redactor: Redactor, signal: Signal): Call[] {
  const attributes: Omit<Call, 'on'> = {
    do: 'call',
    all: true,
    keys: writtenKeys('redaction'),
    call: (message) => redactor.attributes(message),
  };
  const steps: Call[] = (['resource', 'scope', 'record'] as const).map((on) => ({ ...attributes, on }));
  if (signal !== 'logs') return steps;
  const keys = writtenKeys('redaction.body');
  return [...steps, { do: 'call', on: 'record', keys, fields: ['body'], call: (log) => redactor.body(log) }];
}
