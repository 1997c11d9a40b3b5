const forms = [
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d-\d\d \d\d:\d\d$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
];

/** Milliseconds since the epoch of RFC 3339, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD`, the latter two in UTC; undefined for others. */
export function parseTime(text: string): number | undefined {
  if (!forms.some((form) => form.test(text))) return undefined;
  const plain = text.length === 16 ? `${text.replace(' ', 'T')}:00Z` : text;
  const ms = Date.parse(plain.toUpperCase());
  // The parser lets the 31st of a short month be the 1st of the next one.
  return Number.isNaN(ms) || !isDay(text.slice(0, 10)) ? undefined : ms;
}

function isDay(date: string): boolean {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}
