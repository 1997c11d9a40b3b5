/**
 * Times a kernel in short slices and reports the fastest and the median slice, in microseconds per item.
 * Machines are shared: the fastest slice is the one that nobody disturbed, and the one to compare.
 */
export function measure(
  name: string,
  items: number,
  run: () => unknown,
  seconds = 2,
): { best: number; median: number } {
  const warmUntil = performance.now() + 500;
  while (performance.now() < warmUntil) run();
  const slices: number[] = [];
  const until = performance.now() + seconds * 1000;
  let rounds = 1;
  while (performance.now() < until) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) run();
    const us = Number(process.hrtime.bigint() - start) / 1000;
    if (us < 2000) rounds *= 2;
    else slices.push(us / rounds / items);
  }
  slices.sort((a, b) => a - b);
  const best = slices[0] ?? Number.NaN;
  const median = slices[slices.length >> 1] ?? Number.NaN;
  console.log(`${name.padEnd(44)} best ${best.toFixed(3)} us  median ${median.toFixed(3)} us`);
  return { best, median };
}
