/** `Server` of `SPAN_KIND_SERVER`: what comes after the last underscore, capitalised; empty for a number that has no name. */
export function enumName(names: readonly string[], value: number): string {
  const word = names[value]?.split('_').at(-1) ?? '';
  return word.slice(0, 1) + word.slice(1).toLowerCase();
}
