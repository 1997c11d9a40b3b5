import type { NativeBuffer } from '../codec/native-buffer.ts';
import { countExternal } from '../external-memory.ts';
import { createKernel, type Kernel } from './kernel.ts';
import type { JsonShape } from './json-shape.ts';
import { layOutShape } from './shape-layout.ts';
import { messageSize } from './state.ts';

/** The memory of a kernel never shrinks: one that is larger than this is given up as soon as nothing in it is needed. */
const kept = 8 * 1024 * 1024;

/** Zeros behind the input. */
export const padding = 64;

const empty = new ArrayBuffer(0);

/**
 * The kernel of one scan and its memory, with the input and the output in it. The views are made anew whenever the memory grows, which
 * any call of the kernel may do, so nobody keeps them beyond one.
 */
export class ScanMemory {
  kernel!: Kernel;
  bytes = new Uint8Array(empty);
  words = new Int32Array(empty);
  /** The input and the zeros behind it, and the output with all its room. */
  input = Buffer.from(empty) as unknown as NativeBuffer;
  inputView = new DataView(empty);
  output = Buffer.from(empty);
  /** Bytes of output so far. */
  at = 0;
  /** Index in `words` of what the kernel says of the place in the batch. */
  state = 0;
  private readonly messages: { address: number }[] = [];
  private readonly shapes = new Map<JsonShape, number>();

  constructor() {
    this.renew();
  }

  /** Takes up an input. */
  load(bytes: Uint8Array): void {
    this.kernel.reserveInput(bytes.length);
    this.input.set(bytes);
  }

  /** Makes room for `size` bytes of output behind those that there are. */
  ensure(size: number): void {
    if (this.output.length - this.at < size) this.kernel.reserve(this.at, size);
  }

  /** A copy of the output, which begins anew. */
  taken(): Uint8Array {
    countExternal(this.at);
    const result = new Uint8Array(this.output.subarray(0, this.at));
    this.at = 0;
    return result;
  }

  /** Begins with a new memory where this one grew large and holds no output. The input is lost. */
  relax(): void {
    if (this.at === 0 && this.bytes.length > kept) this.renew();
  }

  /** Gives a message its address, now and in each memory to come: one of the four of every scan, or a new one. */
  place(message: { address: number }, index?: number): void {
    if (index === undefined) {
      this.messages.push(message);
      message.address = this.kernel.createMessage();
    } else message.address = this.kernel.messages() + index * messageSize;
  }

  addressOf(shape: JsonShape): number {
    let address = this.shapes.get(shape);
    if (address === undefined) {
      address = layOutShape(this.kernel, shape, (inner) => this.addressOf(inner));
      this.shapes.set(shape, address);
    }
    return address;
  }

  private renew(): void {
    this.kernel = createKernel({
      placed: (...places) => this.look(...places),
      putDigits: (value, to) => this.putDigits(value, to),
      seed: () => Math.random(),
    });
    this.look(0, 0, 0, 0);
    this.state = this.kernel.state() >>> 2;
    this.kernel.messages();
    this.shapes.clear();
    for (const message of this.messages) message.address = this.kernel.createMessage();
    this.kernel.reserve(0, 1);
  }

  private look(input: number, inputRoom: number, output: number, outputRoom: number): void {
    const { buffer } = this.kernel.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.input = Buffer.from(buffer, input, inputRoom + padding) as unknown as NativeBuffer;
    this.inputView = new DataView(buffer, input, inputRoom + padding);
    this.output = Buffer.from(buffer, output, outputRoom);
  }

  private putDigits(value: number, to: number): number {
    const digits = String(value);
    for (let i = 0; i < digits.length; i++) this.bytes[to + i] = digits.charCodeAt(i);
    return digits.length;
  }
}
