import { oracleEncode, type Message } from '../../../oracle/otlp.ts';
import { reorder } from '../../../oracle/reorder.ts';
import type { Signal } from '../../../../src/wire/index.ts';
import { logRecord } from './logs.ts';
import { metricsOf } from './points.ts';
import { Random } from './random.ts';
import { resources, shares } from './resources.ts';
import { span } from './spans.ts';
import { isDebug, isHealth } from './values.ts';

/** As SDKs write fields, or as Collectors do. */
export type Order = 'ascending' | 'descending';

export interface RequestOptions {
  readonly signal: Signal;
  /** Records in the request. */
  readonly count: number;
  readonly order: Order;
  /** Which of many different requests. Its records have the sequence numbers from `number * count`. */
  readonly number: number;
}

/** An encoded request; the same options give the same bytes. */
export function makeRequest({ signal, count, order, number }: RequestOptions): Uint8Array {
  const random = new Random(number);
  const parts: Message[] = [];
  let index = 0;
  for (const share of shares(count)) {
    const resource = resources[(number * 7 + parts.length) % resources.length] as Message;
    parts.push(part(signal, resource, records(signal, random, { index, share, first: number * count })));
    index += share;
  }
  const ascending = oracleEncode(signal, { [containers[signal]]: parts });
  return order === 'ascending' ? ascending : reorder(signal, ascending, 'descending');
}

/** Whether the filter of the filter workloads lets a record through, by its place in its request. */
export function passesFilter(signal: Signal, index: number): boolean {
  return !isHealth(index) && !(signal === 'logs' && isDebug(index));
}

const containers = { logs: 'resourceLogs', traces: 'resourceSpans', metrics: 'resourceMetrics' } as const;

function part(signal: Signal, resource: Message, items: readonly Message[]): Message {
  const scope = { name: 'shop.http', version: '1.4.2' };
  if (signal === 'logs') return { resource, scopeLogs: [{ scope, logRecords: items }] };
  if (signal === 'traces') return { resource, scopeSpans: [{ scope, spans: items }] };
  return { resource, scopeMetrics: [{ scope, metrics: items }] };
}

interface Range {
  readonly index: number;
  readonly share: number;
  readonly first: number;
}

function records(signal: Signal, random: Random, { index, share, first }: Range): Message[] {
  if (signal === 'metrics') return metricsOf(random, share, first + index);
  const make = signal === 'logs' ? logRecord : span;
  return Array.from({ length: share }, (_unused, at) => make(random, index + at, first + index + at));
}
