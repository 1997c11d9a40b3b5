import type { Context } from 'sluice/plugin';
import type { Guard } from './labels/guard.ts';
import type { Changes } from './push/changes.ts';
import type { Refusals } from './refusals.ts';

/** The log names a thing once in this time, in milliseconds, and how often it was since. */
const quietMs = 60_000;

/** Counts what was refused and changed on the way to Loki, and names it in the log. */
export class Report {
  private readonly context: Context;
  private readonly guard: Guard | undefined;
  private readonly metrics: ReturnType<typeof metricsOf>;
  private readonly unsaid = new Map<string, { count: number; sayAt: number }>();

  constructor(context: Context, guard: Guard | undefined) {
    this.context = context;
    this.guard = guard;
    this.metrics = metricsOf(context);
  }

  changes({ cutLines, leftOutPairs, demoted }: Changes): void {
    if (this.guard !== undefined) this.metrics.streams.set(this.guard.size);
    if (cutLines > 0) {
      this.metrics.cutLines.add(cutLines);
      this.say('cut', cutLines, {}, 'lines were longer than max_line_size and have been cut');
    }
    if (leftOutPairs > 0) {
      this.metrics.leftOut.add(leftOutPairs);
      this.say('left out', leftOutPairs, {}, 'structured metadata was over its limits, and some has been left out');
    }
    for (const [label, reasons] of demoted)
      for (const [reason, count] of reasons) {
        this.metrics.demoted.add(count, { label, reason });
        this.say(`${reason} ${label}`, count, { label, reason }, 'a label became structured metadata of these records');
      }
  }

  refused(refusals: Refusals): void {
    for (const [reason, count] of refusals.counts) this.metrics.refused.add(count, { reason });
  }

  private say(key: string, count: number, fields: object, message: string): void {
    const now = this.context.clock.now();
    const entry = this.unsaid.get(key) ?? { count: 0, sayAt: 0 };
    this.unsaid.set(key, entry);
    entry.count += count;
    if (now < entry.sayAt) return;
    this.context.logger.warn({ ...fields, count: entry.count }, message);
    entry.count = 0;
    entry.sayAt = now + quietMs;
  }
}

function metricsOf({ metrics }: Context) {
  const counter = (name: string, unit: string, description: string) =>
    metrics.counter(`exporter_loki_${name}`, { description, unit });
  return {
    refused: counter('refused_records', '{records}', 'Log records that were refused, by Loki or here, by reason.'),
    cutLines: counter('cut_lines', '{records}', 'Lines that were longer than max_line_size and have been cut.'),
    leftOut: counter('left_out_metadata', '{pairs}', 'Structured metadata that was over its limits.'),
    demoted: counter('demoted_labels', '{records}', 'Labels that became structured metadata, by label and reason.'),
    streams: metrics.gauge('exporter_loki_streams', {
      description: 'Combinations of labels that are known.',
      unit: '{streams}',
    }),
  };
}
