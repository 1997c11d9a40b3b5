/** A part of a time, in milliseconds since the epoch, as text. */
export type TimePart = (timeMs: number) => string;

interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

const parts: Readonly<Record<string, (calendar: Calendar, timeMs: number) => string>> = {
  Y: ({ year }) => pad(year, 4),
  y: ({ year }) => pad(year % 100),
  m: ({ month }) => pad(month),
  d: ({ day }) => pad(day),
  H: ({ hour }) => pad(hour),
  M: ({ minute }) => pad(minute),
  S: ({ second }) => pad(second),
  F: ({ year, month, day }) => `${pad(year, 4)}-${pad(month)}-${pad(day)}`,
  j: ({ year, month, day }) => pad(Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / 86_400_000), 3),
  s: (_calendar, timeMs) => String(Math.floor(timeMs / 1000)),
};

/** The part that a letter stands for, as in strftime; undefined where it stands for none. */
export function timePart(letter: string, timezone: 'utc' | 'local'): TimePart | undefined {
  const part = Object.hasOwn(parts, letter) ? parts[letter] : undefined;
  const calendar = timezone === 'utc' ? inUtc : inLocal;
  return part && ((timeMs) => part(calendar(new Date(timeMs)), timeMs));
}

function inUtc(date: Date): Calendar {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function inLocal(date: Date): Calendar {
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
  };
}
