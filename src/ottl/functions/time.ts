import { Duration, EvaluationError, Instant } from '../run/value.ts';
import { asDuration, asInt, asString, asTime } from './arguments.ts';
import { converter, optional, parameter, type Converter } from './converter.ts';

const unitNanos: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's spelling of durations: `1h30m`, `-1.5s`. */
function parseDuration(text: string): Duration {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return new Duration(0n);
  let nanos = 0n;
  let end = 0;
  for (const match of rest.matchAll(/(\d+)?(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy)) {
    const [whole, digits = '', fraction = '', unit] = match as unknown as [string, string?, string?, string?];
    if (digits === '' && fraction === '') break;
    const factor = unitNanos[unit as string] as number;
    nanos += BigInt(digits) * BigInt(factor) + BigInt(Math.trunc(Number(`0.${fraction}0`) * factor));
    end = match.index + whole.length;
  }
  if (end === 0 || end !== rest.length) throw new EvaluationError(`${text} is no duration such as 1h30m`);
  return new Duration(sign === '-' ? -nanos : nanos);
}

const billion = 1_000_000_000n;

/** Whole units, rounded down: time before the epoch counts from the unit before it. */
function units({ nanos }: Instant, size: bigint): bigint {
  const quotient = nanos / size;
  return nanos % size < 0n ? quotient - 1n : quotient;
}

function date(time: Instant): Date {
  return new Date(Number(units(time, 1_000_000n)));
}

const time = parameter('time', asTime);
const duration = parameter('duration', asDuration);
const inTime = (name: string, read: (time: Instant) => bigint): Converter => converter(name, [time], read);
const inDate = (name: string, read: (date: Date) => number): Converter =>
  converter(name, [time], (instant) => BigInt(read(date(instant))));
const floatOf = (name: string, size: bigint): Converter =>
  converter(name, [duration], ({ nanos }) => Number(nanos / size) + Number(nanos % size) / Number(size));
const intOf = (name: string, size: bigint): Converter => converter(name, [duration], ({ nanos }) => nanos / size);

/** What makes times and durations, and what takes them apart. Times are in UTC. */
export const timeConverters = [
  converter('Now', [], () => new Instant(BigInt(Date.now()) * 1_000_000n)),
  converter('Unix', [parameter('seconds', asInt), optional('nanoseconds', asInt, 0n)], (seconds, nanos) => {
    return new Instant(seconds * billion + nanos);
  }),
  inTime('UnixNano', ({ nanos }) => nanos),
  inTime('UnixMicro', (instant) => units(instant, 1000n)),
  inTime('UnixMilli', (instant) => units(instant, 1_000_000n)),
  inTime('UnixSeconds', (instant) => units(instant, billion)),
  inDate('Year', (each) => each.getUTCFullYear()),
  inDate('Month', (each) => each.getUTCMonth() + 1),
  inDate('Day', (each) => each.getUTCDate()),
  inDate('Weekday', (each) => each.getUTCDay()),
  inDate('Hour', (each) => each.getUTCHours()),
  inDate('Minute', (each) => each.getUTCMinutes()),
  inDate('Second', (each) => each.getUTCSeconds()),
  inTime('Nanosecond', (instant) => instant.nanos - units(instant, billion) * billion),
  converter('Duration', [parameter('duration', asString)], parseDuration),
  floatOf('Hours', 3600n * billion),
  floatOf('Minutes', 60n * billion),
  floatOf('Seconds', billion),
  intOf('Milliseconds', 1_000_000n),
  intOf('Microseconds', 1000n),
  intOf('Nanoseconds', 1n),
];
