import { instantiate } from '../kernel/instantiate.ts';
import { deflateWasm } from './kernel/generated/deflate.ts';

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly deflate: (length: number, isLast: boolean) => number;
}

/** Where the kernel takes its input from and puts its output; kernel/memory.as has them, too. */
const inputAt = 0x50000;
const outputAt = 0xa0000;

/** The largest chunk, in bytes. */
export const mostInput = 0x40000;

let kernel: Kernel | undefined;
let memory = new Uint8Array(0);

/** Loaded when something is compressed for the first time; its memory is 1 MiB and stays so. */
function load(): Kernel {
  kernel = instantiate(deflateWasm) as Kernel;
  memory = new Uint8Array(kernel.memory.buffer);
  return kernel;
}

/**
 * One chunk, which comes in parts, in DEFLATE (RFC 1951). It refers to no other chunk and ends with a whole byte: chunks one behind
 * the other, of which only the last is said to be so, are one stream. The result is a view of the kernel's memory, good until the next
 * call.
 */
export function deflateChunk(parts: readonly Uint8Array[], isLast: boolean): Uint8Array {
  const { deflate } = kernel ?? load();
  let end = inputAt;
  for (const part of parts) {
    memory.set(part, end);
    end += part.length;
  }
  return memory.subarray(outputAt, outputAt + deflate(end - inputAt, isLast));
}
