import { describe, expect, it } from 'vitest';
import { prometheusText } from './exposition.ts';
import { MetricRegistry } from './registry.ts';

describe('the registry of own metrics', () => {
  it('gives the same cell for the same labels', () => {
    const registry = new MetricRegistry();
    registry.counter('a', { description: 'A.' }, { x: 1 }).value += 2;
    registry.counter('a', { description: 'A.' }, { x: 1 }).value += 3;
    expect(registry.snapshot()[0]?.samples).toEqual([{ labels: { x: 1 }, value: 5 }]);
  });

  it('sums up what would be too many label combinations', () => {
    const registry = new MetricRegistry();
    for (let i = 0; i < 3000; i++) registry.counter('a', { description: 'A.' }, { i }).value += 1;
    const samples = registry.snapshot()[0]?.samples ?? [];
    expect(samples).toHaveLength(2001);
    expect(samples.at(-1)).toEqual({ labels: { overflow: true }, value: 1000 });
  });

  it('prefixes and labels what a component measures', () => {
    const registry = new MetricRegistry();
    const metrics = registry.scoped({ processor: 'batch' });
    metrics.counter('processor_batch_timeout_trigger_send', { description: 'Times.' }).add(1);
    metrics.gauge('processor_batch_metadata_cardinality', { description: 'Keys.' }).set(7, { tenant: 'a' });
    expect(prometheusText(registry.snapshot())).toBe(
      [
        '# HELP otelcol_processor_batch_metadata_cardinality Keys.',
        '# TYPE otelcol_processor_batch_metadata_cardinality gauge',
        'otelcol_processor_batch_metadata_cardinality{processor="batch",tenant="a"} 7',
        '# HELP otelcol_processor_batch_timeout_trigger_send Times.',
        '# TYPE otelcol_processor_batch_timeout_trigger_send counter',
        'otelcol_processor_batch_timeout_trigger_send{processor="batch"} 1',
        '',
      ].join('\n'),
    );
  });

  it('escapes label values, whoever chose them', () => {
    const registry = new MetricRegistry();
    registry.gauge('g', { description: 'One\nline.' }, { 'odd-key': 'a"b\\c\nd' }).value = Number.POSITIVE_INFINITY;
    expect(prometheusText(registry.snapshot())).toBe(
      '# HELP g One\\nline.\n# TYPE g gauge\ng{odd_key="a\\"b\\\\c\\nd"} +Inf\n',
    );
  });
});
