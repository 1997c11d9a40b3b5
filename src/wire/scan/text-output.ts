import { ScanMemory } from './scan-memory.ts';

/** Below this, copying byte by byte beats a call. */
const short = 24;

/** Bytes that are being written, and the encoded message that they are about. */
export class TextOutput {
  protected readonly memory = new ScanMemory();

  /** Bytes written so far. */
  get length(): number {
    return this.memory.at;
  }

  /** Takes back what was written beyond this length. */
  cut(length: number): void {
    this.memory.at = length;
  }

  /** What was written, as a view: the next write may change or move it. */
  bytes(from = 0, to = this.memory.at): Buffer {
    return this.memory.output.subarray(from, to);
  }

  /** A copy of all that was written; writing begins anew. */
  take(): Uint8Array {
    return this.memory.taken();
  }

  byte(byte: number): void {
    const { memory } = this;
    memory.ensure(1);
    memory.output[memory.at++] = byte;
  }

  /** Appends text of ASCII characters only. */
  ascii(text: string): void {
    const { memory } = this;
    memory.ensure(text.length);
    for (let i = 0; i < text.length; i++) memory.output[memory.at++] = text.charCodeAt(i);
  }

  utf8(text: string): void {
    const { memory } = this;
    memory.ensure(3 * text.length);
    memory.at += memory.output.write(text, memory.at);
  }

  raw(bytes: Uint8Array): void {
    const { memory } = this;
    const { length } = bytes;
    memory.ensure(length);
    if (length < short) {
      const { output, at } = memory;
      for (let i = 0; i < length; i++) output[at + i] = bytes[i]!;
    } else memory.output.set(bytes, memory.at);
    memory.at += length;
  }

  /** Appends bytes of the message as they are. */
  rawBytes(start: number, end: number): void {
    const { memory } = this;
    memory.at = memory.kernel.bytes(memory.at, start, end);
  }

  /** Appends an AnyValue as text: a string as it is, nothing where nothing is set, everything else as its JSON. */
  rawValue(start: number, end: number): void {
    const { memory } = this;
    memory.at = memory.kernel.text(memory.at, start, end);
  }
}
