import { maxDepth } from '../structure.ts';
import type { Label } from './labels.ts';
import { ensure, type Transfer } from './transfer.ts';

/** Enough for a name, a number, and the closing characters of all depths. */
export const slack = 128 + 4 * maxDepth;

/** Appends `,"name":` and makes room for a number behind it. */
export function putName(s: Transfer, { words, length }: Label): void {
  ensure(s, slack);
  const { outView, at } = s;
  for (let i = 0; i < words.length; i++) outView.setInt32(at + 4 * i, words[i]!, true);
  s.at = at + length;
}
