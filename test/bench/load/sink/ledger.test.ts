import { describe, expect, it } from 'vitest';
import { makePayloads } from '../data/payload.ts';
import { makeRequest, passesFilter } from '../data/request.ts';
import { stamp } from '../generator/channel.ts';
import { Ledger } from './ledger.ts';

const count = 60;
const books = { count, filters: false, sends: [] } as const;

/** The request after `number` others, as the generator stamps it. */
function stamped(signal: 'logs' | 'traces' | 'metrics', order: 'ascending' | 'descending', number: number): Buffer {
  const [payload] = makePayloads({ signal, count, order, encoding: 'protobuf', compression: 'none' });
  const { bytes, ids } = payload!;
  stamp(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, ids!, number * count);
  return bytes;
}

describe.each(['logs', 'traces', 'metrics'] as const)('the books of %s', (signal) => {
  it.each(['ascending', 'descending'] as const)('are even when each record came once, fields %s', (order) => {
    const ledger = new Ledger();
    for (const number of [1, 0, 2]) ledger.add(signal, stamped(signal, order, number));
    expect(ledger.records).toBe(3 * count);
    expect(ledger.verify({ ...books, signal, requests: 3 })).toEqual({ lost: 0, duplicated: 0, foreign: 0 });
  });

  it('show a lost request and one that came twice, though the sum is right', () => {
    const ledger = new Ledger();
    for (const number of [0, 0, 2]) ledger.add(signal, stamped(signal, 'ascending', number));
    expect(ledger.verify({ ...books, signal, requests: 3 })).toEqual({ lost: count, duplicated: count, foreign: 0 });
  });

  it('show what nobody sent', () => {
    const ledger = new Ledger();
    for (const number of [0, 1]) ledger.add(signal, stamped(signal, 'descending', number));
    expect(ledger.verify({ ...books, signal, requests: 1 })).toEqual({ lost: 0, duplicated: 0, foreign: count });
  });

  it('start anew after a reset', () => {
    const ledger = new Ledger();
    ledger.add(signal, stamped(signal, 'ascending', 1));
    ledger.reset();
    ledger.add(signal, stamped(signal, 'ascending', 0));
    expect(ledger.verify({ ...books, signal, requests: 1 })).toEqual({ lost: 0, duplicated: 0, foreign: 0 });
  });
});

describe('the books of requests that are sent again and again', () => {
  it('count how often each record came', () => {
    const ledger = new Ledger();
    const send = (number: number): void =>
      ledger.add('logs', makeRequest({ signal: 'logs', count, order: 'ascending', number }));
    for (const number of [0, 1, 1, 2]) send(number);
    const verify = (sends: readonly number[]) => ledger.verify({ ...books, signal: 'logs', requests: 4, sends });
    expect(verify([1, 2, 1])).toEqual({ lost: 0, duplicated: 0, foreign: 0 });
    expect(verify([2, 1, 1])).toEqual({ lost: count, duplicated: count, foreign: 0 });
  });
});

describe('the books of a filter', () => {
  it('show records that it should have dropped', () => {
    const ledger = new Ledger();
    ledger.add('logs', stamped('logs', 'ascending', 0));
    const kept = Array.from({ length: count }, (_unused, index) => passesFilter('logs', index)).filter(Boolean).length;
    const verdict = ledger.verify({ ...books, signal: 'logs', requests: 1, filters: true });
    expect(verdict).toEqual({ lost: 0, duplicated: 0, foreign: count - kept });
    expect(kept).toBe(count * 0.8);
  });
});
