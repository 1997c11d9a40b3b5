/** A header's name as HTTP and gRPC both take it. */
export const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a header can carry the text: printable ASCII, so that nothing in it ends the header. */
export function fitsHeader(text: string): boolean {
  return /^[\t\u0020-\u007e]*$/.test(text);
}

/** The only value of a header; undefined where there is none, or several, of which one could be smuggled in. */
export function onlyValue(headers: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}
