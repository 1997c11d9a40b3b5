import { parseRandomness, parseThreshold } from './threshold.ts';

/** What a W3C `tracestate` says about sampling, and the rest of it, which stays as it is. */
export interface TraceState {
  randomness: string;
  threshold: string;
  /** Other members of the entry `ot`, such as `k:v`. */
  readonly others: readonly string[];
  /** Entries of other vendors, such as `vendor=value`. */
  readonly vendors: readonly string[];
}

const mostEntries = 32;
const mostCharacters = 1024;
const mostOwnCharacters = 256;
const mostKeyCharacters = 256;
const key = String.raw`(?:[a-z][a-z0-9\-*/_]*|[a-z0-9][a-z0-9\-*/_]{0,240}@[a-z][a-z0-9\-*/_]{0,13})`;
const value = String.raw`[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]`;
const entryShape = new RegExp(`^(${key})=(${value})$`);
const memberShape = /^([a-z][a-z0-9]*):([a-zA-Z0-9._-]*)$/;

/** Undefined where the text is not a `tracestate`, or what it says about sampling makes no sense. */
export function parseTraceState(text: string): TraceState | undefined {
  if (text.length > mostCharacters) return undefined;
  const entries = text.split(',');
  if (entries.length - Number(entries.at(-1) === '') >= mostEntries) return undefined;
  let own: Omit<TraceState, 'vendors'> = { randomness: '', threshold: '', others: [] };
  const vendors: string[] = [];
  for (const entry of entries.map((each) => each.replace(/^[ \t]+|[ \t]+$/g, ''))) {
    if (entry === '') continue;
    const [, name, content] = entryShape.exec(entry) ?? [];
    if (name === undefined || name.length > mostKeyCharacters) return undefined;
    if (name !== 'ot') vendors.push(entry);
    else {
      const parsed = parseOwn(content as string);
      if (parsed === undefined) return undefined;
      own = parsed;
    }
  }
  return { ...own, vendors };
}

function parseOwn(text: string): Omit<TraceState, 'vendors'> | undefined {
  if (text.length > mostOwnCharacters) return undefined;
  const own = { randomness: '', threshold: '', others: [] as string[] };
  for (const member of text.split(';')) {
    const [, name, content] = memberShape.exec(member) ?? [];
    if (name === undefined || content === undefined) return undefined;
    if (name === 'rv') own.randomness = content;
    else if (name === 'th') own.threshold = content;
    else own.others.push(member);
    const isBroken =
      (name === 'rv' && parseRandomness(content) === undefined) ||
      (name === 'th' && parseThreshold(content) === undefined);
    if (isBroken) return undefined;
  }
  return own;
}

export function formatTraceState({ randomness, threshold, others, vendors }: TraceState): string {
  const own = [
    ...(randomness === '' ? [] : [`rv:${randomness}`]),
    ...(threshold === '' ? [] : [`th:${threshold}`]),
    ...others,
  ];
  return [...(own.length === 0 ? [] : [`ot=${own.join(';')}`]), ...vendors].join(',');
}
