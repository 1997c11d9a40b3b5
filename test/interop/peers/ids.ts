import { readFileSync } from 'node:fs';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { expect } from 'vitest';
import { signals, wireToJson, type Batch, type Signal } from '../../../src/plugin/index.ts';

/** How often each id came, by signal. */
export type Ids = Readonly<Record<Signal, ReadonlyMap<string, number>>>;

/** A request for each signal, with `count` records of ids from `prefix-0` on in the attribute `id`. */
export function requests(prefix: string, total: number): Readonly<Record<Signal, Uint8Array>> {
  const marked = Array.from({ length: total }, (_, i) => ({ attributes: { id: `${prefix}-${i}` } }));
  return {
    logs: logsBatch(marked).bytes,
    traces: spansBatch(marked).bytes,
    metrics: metricsBatch(marked.map((fields, i) => ({ name: 'sent', value: BigInt(i + 1), ...fields }))).bytes,
  };
}

/** The ids in batches that arrived. */
export function idsIn(batches: readonly Batch[]): Ids {
  const ids = none();
  for (const { signal, bytes } of batches)
    for (const attributes of attributesIn(JSON.parse(Buffer.from(wireToJson(signal, bytes)).toString())))
      count(ids[signal], attributes);
  return ids;
}

/** The ids in a file of OTLP/JSON lines, by the attribute `way` of the records. A line that is still being written waits. */
export function idsByWay(path: string): ReadonlyMap<string, Ids> {
  const ways = new Map<string, ReturnType<typeof none>>();
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n').filter(Boolean)) {
    const signal = signals.find((one) => line.startsWith(`{"resource${wordOf[one]}"`)) as Signal;
    for (const attributes of attributesIn(JSON.parse(line))) {
      const way = attributes.get('way') ?? '';
      const ids = ways.get(way) ?? none();
      ways.set(way, ids);
      count(ids[signal], attributes);
    }
  }
  return ways;
}

const wordOf: Readonly<Record<Signal, string>> = { logs: 'Logs', traces: 'Spans', metrics: 'Metrics' };

function none(): Record<Signal, Map<string, number>> {
  return { logs: new Map(), traces: new Map(), metrics: new Map() };
}

function count(ids: Map<string, number>, attributes: ReadonlyMap<string, string>): void {
  const id = attributes.get('id');
  if (id !== undefined) ids.set(id, (ids.get(id) ?? 0) + 1);
}

interface KeyValue {
  readonly key: string;
  readonly value?: { readonly stringValue?: string };
}

/** The attributes of everything that has some, the texts among them. */
function* attributesIn(json: unknown): Generator<ReadonlyMap<string, string>> {
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    if (key === 'attributes')
      yield new Map((value as KeyValue[]).map((attribute) => [attribute.key, attribute.value?.stringValue ?? '']));
    else yield* attributesIn(value);
  }
}

/** Whether as many records of each signal are there as are expected. */
export function isWhole(ids: Ids | undefined, expected: number): boolean {
  return ids !== undefined && signals.every((signal) => ids[signal].size >= expected);
}

/** Fails unless every id from `prefix-0` on is there once, for every signal, and nothing else. */
export function expectOnce(ids: Ids | undefined, prefix: string, total: number): void {
  const expected = Array.from({ length: total }, (_, i) => `${prefix}-${i}`);
  for (const signal of signals) {
    expect(ids?.[signal].size, signal).toBe(total);
    expect(
      expected.filter((id) => ids?.[signal].get(id) !== 1),
      signal,
    ).toEqual([]);
  }
}
