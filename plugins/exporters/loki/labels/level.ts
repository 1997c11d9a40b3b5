const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Names that say the same in logs of other origin. */
const synonyms = new Map([
  ['information', 'info'],
  ['notice', 'info'],
  ['warning', 'warn'],
  ['err', 'error'],
  ['crit', 'fatal'],
  ['critical', 'fatal'],
  ['alert', 'fatal'],
  ['emerg', 'fatal'],
  ['emergency', 'fatal'],
  ['panic', 'fatal'],
]);

/** The level of a severity number, 1 to 24; undefined for any other. */
export function levelOfNumber(severity: number): string | undefined {
  return severity >= 1 && severity <= 24 ? levels[(severity - 1) >> 2] : undefined;
}

/** The level of a severity text: a known one, else the text in lower case; undefined for the empty text. */
export function levelOfText(severity: string): string | undefined {
  const text = severity.trim().toLowerCase();
  return text === '' ? undefined : (synonyms.get(text) ?? text);
}
