import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Batch, Signal } from 'sluice/plugin';
import { decodeFrame, frameBytes, magic, type Frame } from './frame.ts';
import { decodeHeader, type StageHeader } from './stage-header.ts';
import { Window } from './window.ts';

/** Bytes of a stage file that are not what was written. */
export interface Damage {
  readonly start: number;
  readonly end: number;
  /** Records that were there; undefined where nothing tells. */
  readonly count: number | undefined;
}

/** Where the search for a frame goes on is read in steps of this size. */
const searchBytes = 256 * 1024;

/** A stage file that nobody adds to. One reading at a time. */
export class StageReader {
  private readonly handle: FileHandle;
  private readonly salt: number;
  private readonly window: Window;
  private readonly limit: number;

  private constructor(handle: FileHandle, salt: number, limit: number) {
    this.handle = handle;
    this.salt = salt;
    this.limit = limit;
    this.window = new Window(handle, limit);
  }

  /** `limit` is where its safe bytes end; its size where that is not known. */
  static async open(path: string, salt: number, limit?: number): Promise<StageReader> {
    const handle = await open(path, 'r');
    try {
      return new StageReader(handle, salt, Math.min(limit ?? Infinity, (await handle.stat()).size));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** What the file is about; undefined where both copies are damaged, or the file was never finished. */
  async header(): Promise<StageHeader | undefined> {
    for await (const { frame, bytes } of this.frames(() => {})) {
      if (frame.count > 0) return undefined;
      const header = decodeHeader(bytes);
      if (header !== undefined) return header;
    }
    return undefined;
  }

  /**
   * The batches, in the order in which they were added. `damaged` hears of bytes that cannot be read. A record at the end that was
   * not written whole was never acknowledged: it is left out, and nobody hears of it.
   */
  async *batches(signal: Signal, damaged: (damage: Damage) => Promise<void> | void): AsyncGenerator<Batch> {
    for await (const { frame, bytes } of this.frames(damaged)) {
      const { count, receivedAt } = frame;
      if (count > 0) yield { signal, bytes, count, meta: { receivedAt } };
    }
  }

  private async *frames(
    damaged: (damage: Damage) => Promise<void> | void,
  ): AsyncGenerator<{ readonly frame: Frame; readonly bytes: Buffer }> {
    const { window, salt, limit } = this;
    for (let at = 0; at < limit;) {
      const frame = decodeFrame(await window.at(at, frameBytes), salt);
      const end = at + frameBytes + (frame?.length ?? 0);
      if (frame === undefined || end > limit) {
        const next = await this.search(at + 1);
        if (next === undefined && (frame !== undefined || (await this.isTorn(at)))) return;
        await damaged({ start: at, end: next ?? limit, count: frame?.count });
        at = next ?? limit;
        continue;
      }
      const bytes = await window.at(at + frameBytes, frame.length);
      if (crc32(bytes) === frame.checksum) yield { frame, bytes };
      else if (frame.count > 0) await damaged({ start: at, end, count: frame.count });
      at = end;
    }
  }

  /** Whether a write that a crash cut short is what stands from `at` to the end: less than a frame, or zeros. */
  private async isTorn(at: number): Promise<boolean> {
    const start = await this.window.at(at, frameBytes);
    return start.length < frameBytes || start.every((byte) => byte === 0);
  }

  /** The next place from `from` on where a whole frame stands. */
  private async search(from: number): Promise<number | undefined> {
    for (let at = from; at < this.limit;) {
      const piece = await this.window.at(at, searchBytes);
      const found = piece.indexOf(magic);
      if (found < 0) {
        at += Math.max(1, piece.length - magic.length + 1);
        continue;
      }
      const place = at + found;
      const frame = decodeFrame(await this.window.at(place, frameBytes), this.salt);
      if (frame !== undefined && place + frameBytes + frame.length <= this.limit) return place;
      at = place + 1;
    }
    return undefined;
  }
}
