/** A process of the tests: holds the queue of a directory and appends to it until it is killed. Prints what is safe. */
import { openQueue } from '../index.ts';

const queue = await openQueue({ directory: process.argv[2] ?? '', segmentBytes: 200_000 });
console.log('open');
for (let n = 1; ; n++) {
  const sizes = [100, 5000, 40_000];
  const bytes = Buffer.alloc(sizes[n % 3] ?? 0, n);
  const position = await queue.append({ header: Buffer.from(String(n)), bytes, items: 1 });
  console.log(String(position));
}
