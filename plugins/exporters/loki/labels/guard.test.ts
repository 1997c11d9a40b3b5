import { ManualClock } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { Guard, type Candidate, type GuardOptions } from './guard.ts';

const hour = 3_600_000;

function guard(options: Partial<GuardOptions> = {}) {
  const clock = new ManualClock();
  const limits = { max_combinations: 100, max_values: 10, max_labels: 15, max_value_length: 2048, forget_after: hour };
  return { clock, guard: new Guard({ ...limits, ...options }, clock) };
}

const labels = (values: Readonly<Record<string, string>>): Candidate[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, fixed: false }));

describe('the guard', () => {
  it('names a stream by its sorted labels, quoted', () => {
    const { stream, demoted } = guard().guard.admit(labels({ job: 'a"b\\\n', app: 'ü' }));
    expect(stream.text).toBe('{app="ü", job="a\\"b\\\\\\n"}');
    expect(demoted).toEqual([]);
  });

  it('gives a record without labels the one that Loki would', () => {
    expect(guard().guard.admit([]).stream.text).toBe('{service_name="unknown_service"}');
  });

  it('demotes new values of a label that has too many, and keeps the known ones', () => {
    const { guard: guarded } = guard({ max_values: 3 });
    for (const id of ['1', '2', '3']) expect(guarded.admit(labels({ app: 'x', id })).demoted).toEqual([]);
    expect(guarded.admit(labels({ app: 'x', id: '4' }))).toMatchObject({
      stream: { text: '{app="x"}' },
      demoted: [{ name: 'id', value: '4', reason: 'too_many_values' }],
    });
    expect(guarded.admit(labels({ app: 'x', id: '2' })).stream.text).toBe('{app="x", id="2"}');
  });

  it('demotes the label with the most values where there are too many combinations', () => {
    const { guard: guarded } = guard({ max_combinations: 4 });
    guarded.admit(labels({ app: 'x' }));
    for (const id of ['1', '2', '3']) guarded.admit(labels({ app: 'x', id }));
    expect(guarded.admit(labels({ app: 'x', id: '4' }))).toMatchObject({
      stream: { text: '{app="x"}' },
      demoted: [{ name: 'id', reason: 'too_many_combinations' }],
    });
    expect(guarded.size).toBe(4);
  });

  it('stays within its bounds for a hundred thousand values, and keeps fixed labels', () => {
    const { guard: guarded } = guard({ max_combinations: 50, max_values: 20 });
    const jobs = new Set<string | undefined>();
    for (let i = 0; i < 100_000; i++) {
      const { stream } = guarded.admit([
        { name: 'job', value: 'docker', fixed: true },
        ...labels({ a: String(i), b: String(i % 7) }),
      ]);
      jobs.add(stream.labels[1]);
    }
    expect([...jobs]).toEqual(['docker']);
    expect(guarded.size).toBeLessThanOrEqual(51);
  });

  it('demotes what is over the limit of labels, and values that are too long', () => {
    const { guard: guarded } = guard({ max_labels: 2, max_value_length: 5 });
    expect(guarded.admit(labels({ a: '1', b: 'üüü', c: '3', d: '4' }))).toMatchObject({
      stream: { text: '{a="1", c="3"}' },
      demoted: [
        { name: 'b', reason: 'value_too_long' },
        { name: 'd', reason: 'too_many_labels' },
      ],
    });
  });

  it('forgets streams that are out of use, and then has room for new values', async () => {
    const { guard: guarded, clock } = guard({ max_values: 1 });
    guarded.admit(labels({ pod: 'a' }));
    expect(guarded.admit(labels({ pod: 'b' })).demoted).toHaveLength(1);
    await clock.advance(2 * hour);
    expect(guarded.admit(labels({ pod: 'c' }))).toMatchObject({ stream: { text: '{pod="c"}' }, demoted: [] });
  });
});
