import type { Clock } from '../flow/index.ts';

/** Runs what it is given at most once in `ms`, and tells it how many runs were left out since. */
export function rarely(clock: Clock, ms: number): (run: (leftOut: number) => void) => void {
  let next = -Infinity;
  let leftOut = 0;
  return (run) => {
    if (clock.now() < next) {
      leftOut += 1;
      return;
    }
    next = clock.now() + ms;
    run(leftOut);
    leftOut = 0;
  };
}
