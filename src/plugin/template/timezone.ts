/** Whether a text names a time zone: `local`, `utc`, or a name of the IANA database. */
export function isTimezone(name: string): boolean {
  try {
    timezoneOffset(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * What to add to a time, in milliseconds, so that its parts in UTC are those of the time zone. Throws where the name is unknown.
 */
export function timezoneOffset(name: string): (timeMs: number) => number {
  const zone = name.toLowerCase();
  if (zone === 'utc') return () => 0;
  if (zone === 'local') return (timeMs) => -new Date(timeMs).getTimezoneOffset() * 60_000;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (timeMs) => {
    const parts = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(timeMs / 1000) * 1000;
  };
}
