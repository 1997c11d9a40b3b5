import type { Signal } from './batch.ts';
import { structureWasm } from './kernel/generated/structure.ts';
import { instantiate } from './kernel/instantiate.ts';
import { actions, isRecord, keyValue, maxDepth, rootOf, walkStructure, type Structure } from './structure.ts';

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(length: number): void;
  check(length: number, root: number, keyValue: number, maxDepth: number): number;
}

// Where the kernel expects its tables and the input.
const recordsAt = 0x4000;
const inputAt = 0x10000;

/** Larger requests are rare, and the kernel's memory never shrinks: they are walked. */
const maxKernelInput = 8 * 1024 * 1024;

const kernel = prepared();
let memory = new Uint8Array(kernel.memory.buffer);

/**
 * Looks at the whole request once: every length, wire type and nesting depth, so that later code may trust them.
 * Throws MalformedError. Text that is not UTF-8 is no error: it is reported, for the caller to repair.
 */
export function checkStructure(signal: Signal, input: Uint8Array): Structure {
  if (input.length > maxKernelInput) return walkStructure(signal, input);
  if (inputAt + input.length > memory.length) {
    kernel.reserve(input.length);
    memory = new Uint8Array(kernel.memory.buffer);
  }
  memory.set(input, inputAt);
  const count = kernel.check(input.length, rootOf(signal), keyValue, maxDepth);
  return count >= 0 ? { count, invalidUtf8: -1 } : walkStructure(signal, input);
}

function prepared(): Kernel {
  const instance = instantiate(structureWasm) as Kernel;
  instance.reserve(0);
  const tables = new Uint8Array(instance.memory.buffer);
  tables.set(actions, 0);
  tables.set(isRecord, recordsAt);
  return instance;
}
