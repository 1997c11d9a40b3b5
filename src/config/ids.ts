import { signals, type Signal } from '../wire/index.ts';

/** `type/name` taken apart. */
export interface Id {
  readonly type: string;
  readonly name?: string;
}

const typePattern = /^[a-zA-Z][0-9a-zA-Z_]{0,62}$/;
/** No separators, control characters or symbols, as in the Collector. */
const namePattern = /^[^\p{Z}\p{C}\p{S}]{1,1024}$/u;

/** Undefined where the text is not an id by the Collector's rules; `whyNotAnId` says why. */
export function parseId(text: string): Id | undefined {
  if (whyNotAnId(text) !== undefined) return undefined;
  const slash = text.indexOf('/');
  return slash === -1 ? { type: text } : { type: text.slice(0, slash), name: text.slice(slash + 1) };
}

export function whyNotAnId(text: string): string | undefined {
  const slash = text.indexOf('/');
  const type = slash === -1 ? text : text.slice(0, slash);
  if (!typePattern.test(type)) return 'a type is a letter, then letters, digits and _, at most 63';
  if (slash === -1 || namePattern.test(text.slice(slash + 1))) return undefined;
  return slash === text.length - 1
    ? 'a name follows the slash'
    : 'a name has at most 1024 characters, without spaces, control characters or symbols';
}

export function isSignal(text: string): text is Signal {
  return (signals as readonly string[]).includes(text);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], conjunction = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
