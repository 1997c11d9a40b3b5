/** A change that the disk may not have yet. */
type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'resize'; readonly size: number };

/** A whole number from 0 to before `below`. */
export type Draw = (below: number) => number;

export const pageBytes = 4096;

/** The content of a file twice: as programs see it, and as the disk has it. */
export class FakeFile {
  private seen = new Content();
  private safe = new Content();
  private unsynced: Change[] = [];

  get size(): number {
    return this.seen.size;
  }

  /** Pages that take space. */
  get pages(): number {
    return this.seen.pages.size;
  }

  /** How many pages a write would add. */
  growth(position: number, length: number): number {
    let count = 0;
    if (length === 0) return 0;
    for (let page = Math.floor(position / pageBytes); page <= Math.floor((position + length - 1) / pageBytes); page++) {
      if (!this.seen.pages.has(page)) count += 1;
    }
    return count;
  }

  write(position: number, bytes: Uint8Array): void {
    const change: Change = { kind: 'write', position, bytes: Uint8Array.from(bytes) };
    this.seen.apply(change);
    this.unsynced.push(change);
  }

  resize(size: number): void {
    const change: Change = { kind: 'resize', size };
    this.seen.apply(change);
    this.unsynced.push(change);
  }

  read(position: number, length: number): Uint8Array {
    return this.seen.read(position, length);
  }

  sync(): void {
    for (const change of this.unsynced) this.safe.apply(change);
    this.unsynced = [];
  }

  /** A failed sync: the disk got some of it, and the system takes all of it for written. */
  loseUnsynced(draw: Draw): void {
    for (const change of this.unsynced) for (const part of torn(change, draw)) this.safe.apply(part);
    this.unsynced = [];
  }

  /** The power goes: of what was not synced the disk has any part. */
  crash(draw: Draw): void {
    this.loseUnsynced(draw);
    this.seen = this.safe.copy();
  }

  /** The disk changes a byte by itself. */
  flip(position: number, mask: number): void {
    this.seen.flip(position, mask);
    this.safe.flip(position, mask);
  }
}

/** Sparse bytes: pages that were written, and zeros elsewhere. */
class Content {
  size = 0;
  readonly pages = new Map<number, Uint8Array>();

  apply(change: Change): void {
    if (change.kind === 'resize') this.resize(change.size);
    else this.write(change.position, change.bytes);
  }

  read(position: number, length: number): Uint8Array {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.size - position)));
    for (let done = 0; done < result.length;) {
      const offset = (position + done) % pageBytes;
      const count = Math.min(pageBytes - offset, result.length - done);
      const page = this.pages.get(Math.floor((position + done) / pageBytes));
      if (page !== undefined) result.set(page.subarray(offset, offset + count), done);
      done += count;
    }
    return result;
  }

  copy(): Content {
    const copy = new Content();
    copy.size = this.size;
    for (const [index, page] of this.pages) copy.pages.set(index, page.slice());
    return copy;
  }

  flip(position: number, mask: number): void {
    const page = this.pages.get(Math.floor(position / pageBytes));
    if (page === undefined) return;
    const offset = position % pageBytes;
    page[offset] = (page[offset] ?? 0) ^ mask;
  }

  private write(position: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const index = Math.floor((position + done) / pageBytes);
      const offset = (position + done) % pageBytes;
      const count = Math.min(pageBytes - offset, bytes.length - done);
      const page = this.pages.get(index) ?? new Uint8Array(pageBytes);
      page.set(bytes.subarray(done, done + count), offset);
      this.pages.set(index, page);
      done += count;
    }
    this.size = Math.max(this.size, position + bytes.length);
  }

  private resize(size: number): void {
    for (const [index, page] of this.pages) {
      if (index * pageBytes >= size) this.pages.delete(index);
      else page.fill(0, Math.min(pageBytes, size - index * pageBytes));
    }
    this.size = size;
  }
}

/** What of a change reached the disk: all, nothing, or some stretch of its bytes. */
function torn(change: Change, draw: Draw): Change[] {
  const fate = draw(4);
  if (fate === 0) return [];
  if (fate === 1 || change.kind === 'resize') return [change];
  const from = fate === 2 ? 0 : draw(change.bytes.length + 1);
  const to = from + draw(change.bytes.length - from + 1);
  return [{ kind: 'write', position: change.position + from, bytes: change.bytes.subarray(from, to) }];
}
