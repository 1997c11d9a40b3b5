/**
 * A long fuzz run of our HTTP/2: `node --expose-gc --conditions=@sluice/source test/fuzz/h2.fuzz.ts [mutated frames] [seed]`.
 * Ends with code 1 where a connection ended by a fault of ours, or memory grew.
 */
import { fuzz } from './h2-fuzz.ts';

const frames = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const allowedGrowth = 16 * 1024 * 1024;

function memory(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

console.log(`seed ${seed}`);
const began = Date.now();
await fuzz(frames / 10, seed);
const before = memory();
const result = await fuzz(frames, seed + 1e6, ({ mutated, connections }) => {
  if (connections % 10_000 === 0) console.log(`${mutated} mutated frames, ${connections} connections`);
});
const growth = memory() - before;
const { mutated, connections, survived, faults } = result;
console.log(
  `${mutated} mutated frames over ${connections} connections, ${survived} open to the end, ${(Date.now() - began) / 1000} s`,
);
console.log(`memory grew by ${(growth / 1024 / 1024).toFixed(1)} MiB; ${faults.length} faults`);
for (const fault of faults.slice(0, 20)) console.log(fault);
if (faults.length > 0 || growth > allowedGrowth) process.exitCode = 1;
