import { scanWasm } from './kernel/generated/scan.ts';
import { instantiate } from '../kernel/instantiate.ts';

/**
 * What src/wire/scan/kernel/scan.kernel.as exports. Positions count from the beginning of the input, lengths from that of the
 * output: what writes takes the length so far (`to`) and returns the new one.
 */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Addresses: of the numbers in `state.ts`, of the four messages, and of one more message. */
  state(): number;
  messages(): number;
  createMessage(): number;
  /** A block of memory, for good. */
  allocate(size: number): number;
  /** Makes room for an input, with zeros behind it. */
  reserveInput(size: number): void;
  /** Starts over with that input. False where a resource or scope comes in several pieces. */
  begin(size: number, attributesTag: number): number;
  next(): number;
  read(message: number, start: number, end: number, attributesTag: number): void;
  find(start: number, end: number, tag: number): number;
  varint(start: number): number;
  valueKind(start: number, end: number): number;
  repeated(message: number, index: number): number;
  /** Makes room for so many bytes of output. */
  reserve(to: number, size: number): void;
  string(to: number, start: number, end: number): number;
  jsonValue(to: number, start: number, end: number): number;
  text(to: number, start: number, end: number): number;
  bytes(to: number, start: number, end: number): number;
  hex(to: number, start: number, end: number): number;
  number(to: number, start: number, kind: number): number;
  numbers(to: number, start: number, end: number, field: number, kind: number): number;
  time(to: number, start: number): number;
  attributes(to: number, message: number): number;
  members(to: number, shape: number, message: number): number;
  row(to: number, shape: number, message: number, index: number): number;
  /** Gives the number of values; the output ends at `end`. */
  column(to: number, shape: number, index: number, rows: number): number;
  end(): number;
  /** Address of where the values of rows begin and end, two words each. */
  rowBounds(): number;
}

/** What the kernel calls. */
export type KernelImports = {
  /** Something may have moved: where the input and the output are now, and how much room each has. */
  placed(input: number, inputRoom: number, output: number, outputRoom: number): void;
  /** Writes the digits of a double to an address and returns how many there are. */
  putDigits(value: number, to: number): number;
  /** A random number. */
  seed(): number;
};

/** A kernel with a memory of its own. */
export function createKernel(imports: KernelImports): Kernel {
  return instantiate(scanWasm, imports) as Kernel;
}
