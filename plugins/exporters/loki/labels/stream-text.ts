/** Labels of a stream, by name. */
export type Labels = ReadonlyMap<string, string>;

/** Labels as a selector of LogQL, `{job="a", level="info"}`; this is how a push names a stream. Sorted by name. */
export function streamText(labels: Labels): string {
  const sorted = [...labels].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}}`;
}

/** The escapes of JSON are a part of Go's; text from UTF-8 has no lone surrogates, the one thing that Go refuses. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
