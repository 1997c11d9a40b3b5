/** Whether a text names a time zone: `local`, `utc`, or a name of the IANA database. */
export function isTimezone(name: string): boolean {
  try {
    offsetOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What to add to a time, in milliseconds, so that its parts in UTC are those of the zone. Throws where the name is unknown. */
export function offsetOf(name: string): (timeMs: number) => number {
  const zone = name.toLowerCase();
  if (zone === 'utc') return () => 0;
  if (zone === 'local') return (timeMs) => -new Date(timeMs).getTimezoneOffset() * 60_000;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (timeMs) => {
    const text = format.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
    const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  };
}
