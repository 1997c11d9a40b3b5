import { countExternal } from '../../wire/index.ts';
import { tooLarge } from './errors.ts';

/** Collects output and refuses the byte after `limit`, before it is kept. */
export class BoundedOutput {
  private readonly limit: number;
  private readonly grow: ((bytes: number) => void) | undefined;
  private parts: Uint8Array[] = [];
  private length = 0;

  /** `grow` hears of every part before it is kept, and may throw. */
  constructor(limit: number, grow?: (bytes: number) => void) {
    this.limit = limit;
    this.grow = grow;
  }

  push(part: Uint8Array): void {
    if (part.length === 0) return;
    this.length += part.length;
    try {
      if (this.length > this.limit) throw tooLarge(this.limit);
      this.grow?.(part.length);
    } catch (error) {
      this.parts = [];
      throw error;
    }
    this.parts.push(part);
  }

  /** All of it, without a copy where it came in one piece. */
  joined(): Uint8Array {
    const [only] = this.parts;
    countExternal(this.length);
    if (only === undefined) return new Uint8Array(0);
    return this.parts.length === 1 ? only : Buffer.concat(this.parts, this.length);
  }
}
