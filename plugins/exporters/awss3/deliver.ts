import { combineErrors } from 'sluice/plugin';
import type { Planned } from './plans.ts';

/** Brings each piece to its place, so many at the same time, and throws what went wrong after all were tried. */
export async function deliver(
  pieces: readonly Planned[],
  together: number,
  bring: (piece: Planned) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const left = [...pieces];
  const work = async (): Promise<void> => {
    for (let piece = left.shift(); piece !== undefined; piece = left.shift()) {
      try {
        await bring(piece);
        piece.done = true;
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, pieces.length) }, work));
  if (errors.length > 0) throw combineErrors(errors);
}
