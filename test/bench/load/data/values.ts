import type { Message } from '../../../oracle/otlp.ts';
import type { Random } from './random.ts';

/** The upper half of every id: with any lower half it is a nanosecond of August 2022. */
export const idHigh = 0x1707_4a00;

/** A record's id, in a 64-bit time field; `sequence` is its lower half. */
export function idOf(sequence: number): { low: number; high: number; unsigned: true } {
  return { low: sequence | 0, high: idHigh, unsigned: true };
}

/** A time near the ids' own. */
export function timeOf(random: Random): { low: number; high: number; unsigned: true } {
  return { low: random.integer(2 ** 31), high: idHigh, unsigned: true };
}

export function attribute(key: string, value: string | number | boolean | { readonly double: number }): Message {
  return { key, value: anyValue(value) };
}

function anyValue(value: string | number | boolean | { readonly double: number }): Message {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return typeof value === 'number' ? { intValue: value } : { doubleValue: value.double };
}

export const routes = ['/api/v1/orders/{id}', '/api/v1/carts/{id}/items', '/api/v1/users/{id}', '/login', '/search'];
export const methods = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];
export const statusCodes = [200, 200, 200, 200, 201, 204, 404, 500];
const agents = ['okhttp/4.12.0', 'Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.5.0', 'python-requests/2.32.3'];
export const agent = (random: Random): string => random.pick(agents);
export const address = (random: Random): string =>
  `10.${random.integer(8)}.${random.integer(256)}.${random.integer(256)}`;

/** What the filter workload drops: every tenth record, the health checks. */
export const isHealth = (index: number): boolean => index % 10 === 5;
/** What the filter workload drops of logs: every tenth record, the debug messages. */
export const isDebug = (index: number): boolean => index % 10 === 0;
