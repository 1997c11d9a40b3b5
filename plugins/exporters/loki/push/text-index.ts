const slotBits = 10;
const columns = 4;
/** What is found has at least so many bytes. */
const shortest = 4;
/** After so many bytes in which nothing was found, every second one is looked at, after as many again every third… */
const patience = 32;

/** Where words of texts were seen last, to find what a text has in common with those before it. */
export class TextIndex {
  /** By a hash of four bytes: where they are in the draft, where that text ends, and the position at which they were written. */
  private readonly rows = new Int32Array(columns << slotBits);
  /** Of what was found: the position at which it was written before, and its length. */
  place = 0;
  length = 0;

  clear(): void {
    this.rows.fill(0);
  }

  /**
   * Where, from `start` on, a text has bytes that were written before at a position from `first` on; -1 for nowhere. Takes note of what
   * it passes: the position of a byte is `shift` more than where it is. Three bytes behind the end may be read.
   */
  find(view: DataView, start: number, end: number, shift: number, first: number): number {
    const { rows } = this;
    const last = end - shortest;
    let misses = patience;
    for (let at = start; at <= last; at += misses++ >> 5) {
      const word = view.getInt32(at, true);
      const row = (Math.imul(word, 0x1e35a7bd) >>> (32 - slotBits)) * columns;
      const other = rows[row]!;
      const otherEnd = rows[row + 1]!;
      const place = rows[row + 2]!;
      rows[row] = at;
      rows[row + 1] = end;
      rows[row + 2] = at + shift;
      if (place < first || view.getInt32(other, true) !== word) continue;
      const most = Math.min(end - at, otherEnd - other);
      let length = shortest;
      while (length < most) {
        const difference = view.getInt32(at + length, true) ^ view.getInt32(other + length, true);
        if (difference !== 0) {
          length += (31 - Math.clz32(difference & -difference)) >> 3;
          break;
        }
        length += 4;
      }
      this.place = place;
      this.length = length < most ? length : most;
      return at;
    }
    return -1;
  }
}
