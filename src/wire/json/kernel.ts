import type { Signal } from '../batch.ts';
import { countExternal } from '../external-memory.ts';
import { toWireWasm } from './kernel/generated/to-wire.ts';
import { instantiate, isTrap } from '../kernel/instantiate.ts';
import { signalMessages } from '../schema.ts';
import { maxDepth as kernelDepth } from '../structure.ts';
import { inputAt, layOut, padding } from './kernel-tables.ts';
import { latin1 } from './transfer.ts';
import { members } from './walk.ts';

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(length: number, maxDepth: number): void;
  /** Converts the input, a message whose entry is at that address, and gives the length of the output. */
  toWire(message: number): number;
  records(): number;
}

/** Larger requests are rare, and the kernel's memory never shrinks: they are walked. */
const maxKernelInput = 4 * 1024 * 1024;

const kernel = instantiate(toWireWasm, { toDouble }) as Kernel;
kernel.reserve(0, kernelDepth);
const addresses = layOut(kernel.memory.buffer, members);
let memory = new Uint8Array(kernel.memory.buffer);

/** The number written from `from` to `to`, correctly rounded. */
function toDouble(from: number, to: number): number {
  return Number(latin1(memory, from, to));
}

/** What `jsonToWire` does, for requests that are in order. Undefined where the kernel is not sure. */
export function kernelToWire(
  signal: Signal,
  json: Uint8Array,
  maxDepth: number,
): { bytes: Uint8Array; count: number } | undefined {
  if (json.length > maxKernelInput || maxDepth > kernelDepth) return undefined;
  try {
    kernel.reserve(json.length, maxDepth);
    if (memory.buffer !== kernel.memory.buffer) memory = new Uint8Array(kernel.memory.buffer);
    memory.set(json, inputAt);
    const length = kernel.toWire(addresses[signalMessages[signal].request]);
    const start = inputAt + json.length + padding;
    countExternal(length);
    return { bytes: new Uint8Array(memory.subarray(start, start + length)), count: kernel.records() };
  } catch (error) {
    if (isTrap(error)) return undefined;
    throw error;
  }
}
