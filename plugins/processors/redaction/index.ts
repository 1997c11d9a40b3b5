import { map, filter } from 'rxjs';
import {
  decode,
  defineProcessor,
  encode,
  metricData,
  type Decoded,
  type Delivery,
  type Entries,
  type LogRecord,
  type Metric,
  type Signal,
  type Span,
} from 'sluice/plugin';
import { config } from './config.ts';
import { Redactor } from './redactor.ts';

/** Whether anything was changed. Resources and scopes without records are looked at, too. */
function redactAll({ signal, resources }: Decoded, redactor: Redactor): boolean {
  let changed = false;
  const note = (change: boolean): void => {
    changed ||= change;
  };
  for (const { resource, scopes } of resources) {
    if (resource !== undefined) note(redactor.attributes(resource.attributes));
    for (const { scope, records } of scopes) {
      if (scope !== undefined) note(redactor.attributes(scope.attributes));
      for (const entry of records) redactEntry(signal, entry, redactor).forEach(note);
    }
  }
  return changed;
}

function redactEntry(signal: Signal, entry: Entries[Signal], redactor: Redactor): boolean[] {
  if (signal === 'metrics') {
    const points = metricData(entry as Metric)?.dataPoints ?? [];
    return points.map(({ attributes }) => redactor.attributes(attributes));
  }
  const record = entry as LogRecord | Span;
  const own = redactor.attributes(record.attributes);
  if (signal === 'logs') return [own, redactor.body(record as LogRecord)];
  return [own, ...(record as Span).events.map(({ attributes }) => redactor.attributes(attributes))];
}

function redacted(delivery: Delivery, redactor: Redactor): Delivery | undefined {
  try {
    const tree: Decoded = decode(delivery.batch);
    return redactAll(tree, redactor) ? delivery.with(encode(tree, delivery.batch.meta)) : delivery;
  } catch (error) {
    delivery.fail(error);
    return undefined;
  }
}

export default defineProcessor({
  type: 'redaction',
  summary: 'Removes attributes that are not allowed, and masks values that must not be seen.',
  stability: 'beta',
  config,
  operator: (deliveries, options) => {
    const redactor = new Redactor(options);
    return deliveries.pipe(
      map((delivery) => redacted(delivery, redactor)),
      filter((delivery) => delivery !== undefined),
    );
  },
});
