import { labelName } from '../labels/label-name.ts';
import { wordsOf, type Words } from './bytes.ts';

/** The field `name` of a pair of structured metadata. */
export interface NameField {
  /** Tag and length included. */
  readonly field: Words;
  /** Bytes of the name itself. */
  readonly size: number;
  /** What follows is of the push of this number. */
  push: number;
  /** Phrases that begin a pair of this name, by the length of its value, up to `longestHead`; -1 for none so far. */
  readonly heads: Int32Array;
  /** How many values of it the push had had before, and how many it had not. */
  known: number;
  unknown: number;
}

/** Pairs with values of up to so many bytes share what they begin with. */
export const longestHead = 127;

/** An attribute's key, with the name it gets in structured metadata. */
export interface Name extends NameField {
  readonly number: number;
  readonly key: Words;
  /** The attribute is a label, and so no structured metadata. */
  readonly isLabel: boolean;
}

/** Names beyond this are forgotten: senders may make up any number of keys. */
const most = 10_000;

/** Knows the names for keys of attributes. Records have much the same keys in the same places, so it looks there first. */
export class Names {
  private readonly labels: ReadonlySet<string>;
  private readonly byKey = new Map<string, Name>();
  private readonly recent: Name[] = [];
  private made = 0;

  /** `labels` are attributes that are no structured metadata. */
  constructor(labels: Iterable<string> = []) {
    this.labels = new Set(labels);
  }

  /** The name for the key from `start` to `end`, which is the attribute at `place` of its record. */
  of(input: Uint8Array, view: DataView, start: number, end: number, place: number): Name {
    const recent = this.recent[place];
    if (recent !== undefined && isKey(recent.key, view, start, end)) return recent;
    const text = Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('latin1');
    let name = this.byKey.get(text);
    if (name === undefined) {
      if (this.byKey.size >= most) this.byKey.clear();
      name = this.make(Buffer.from(text, 'latin1'));
      this.byKey.set(text, name);
    }
    if (place < 256) this.recent[place] = name;
    return name;
  }

  private make(key: Buffer): Name {
    const attribute = key.toString();
    return {
      ...nameField(labelName(attribute)),
      number: this.made++,
      key: wordsOf(key),
      isLabel: this.labels.has(attribute),
    };
  }
}

export function nameField(name: string): NameField {
  const bytes = Buffer.from(name);
  const head: number[] = [0x0a];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  const field = wordsOf(Buffer.concat([Uint8Array.from([...head, rest]), bytes]));
  return { field, size: bytes.length, push: -1, heads: new Int32Array(longestHead + 1), known: 0, unknown: 0 };
}

/** Forgets what earlier pushes had of a name. */
export function renew(name: NameField, push: number): void {
  name.push = push;
  name.heads.fill(-1);
  name.known = name.unknown = 0;
}

/** Whether the input has this key there. It may be read a word past the end. */
export function isKey({ words, length }: Words, view: DataView, start: number, end: number): boolean {
  if (end - start !== length) return false;
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) if (view.getInt32(start + 4 * i, true) !== words[i]) return false;
  const rest = length & 3;
  if (rest === 0) return true;
  return ((view.getInt32(start + 4 * whole, true) ^ words[whole]!) & ((1 << (8 * rest)) - 1)) === 0;
}
