const slotBits = 12;
const columns = 5;

/** Values of attributes that this push has had before, found by their encoded bytes. */
export class KnownValues {
  /** By a hash of name and value, the row that was added last. It may be one of an earlier push: what it says is compared anyway. */
  private readonly slots = new Int32Array(1 << slotBits);
  /** Name, where the encoded value is in the input, its length, phrase, size. */
  private rows = new Int32Array(columns * 1024);
  private count = 0;
  private slot = 0;

  clear(): void {
    this.count = 0;
  }

  /** The row of this value of this name, or -1. */
  find(name: number, view: DataView, start: number, end: number): number {
    const { rows } = this;
    const length = end - start;
    this.slot = hash(name, view, start, length);
    const row = this.slots[this.slot]!;
    if (row >= this.count) return -1;
    const at = row * columns;
    if (rows[at] !== name || rows[at + 2] !== length) return -1;
    return isSame(view, start, rows[at + 1]!, length) ? row : -1;
  }

  phrase(row: number): number {
    return this.rows[row * columns + 3]!;
  }

  /** Bytes of name and value, as Loki counts them. */
  size(row: number): number {
    return this.rows[row * columns + 4]!;
  }

  /** Adds the value that was not found, and gives its row. */
  add(name: number, start: number, end: number, phrase: number, size: number): number {
    if (columns * this.count === this.rows.length) this.grow();
    const at = this.count * columns;
    this.rows[at] = name;
    this.rows[at + 1] = start;
    this.rows[at + 2] = end - start;
    this.rows[at + 3] = phrase;
    this.rows[at + 4] = size;
    this.slots[this.slot] = this.count;
    return this.count++;
  }

  private grow(): void {
    const grown = new Int32Array(2 * this.rows.length);
    grown.set(this.rows);
    this.rows = grown;
  }
}

/** Of the length, and of the words at both ends and in the middle. The input may be read a word past the end. */
function hash(name: number, view: DataView, start: number, length: number): number {
  let mixed = Math.imul(name ^ (length << 8), 0x9e3779b1);
  if (length < 4) mixed ^= view.getInt32(start, true) & ((1 << (8 * length)) - 1);
  else {
    mixed = Math.imul(mixed ^ view.getInt32(start, true), 0x85ebca6b);
    mixed = Math.imul(mixed ^ view.getInt32(start + (length >> 1) - 2, true) ^ (mixed >>> 15), 0xc2b2ae35);
    mixed ^= view.getInt32(start + length - 4, true);
  }
  return Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f) >>> (32 - slotBits);
}

/** Words may overlap, so that values of up to 16 bytes, most of all, are compared without a loop. */
function isSame(view: DataView, a: number, b: number, length: number): boolean {
  if (length < 4) return ((view.getInt32(a, true) ^ view.getInt32(b, true)) & ((1 << (8 * length)) - 1)) === 0;
  const last = length - 4;
  const second = Math.min(4, last);
  const third = Math.max(last - 4, 0);
  let difference =
    (view.getInt32(a, true) ^ view.getInt32(b, true)) |
    (view.getInt32(a + second, true) ^ view.getInt32(b + second, true)) |
    (view.getInt32(a + third, true) ^ view.getInt32(b + third, true)) |
    (view.getInt32(a + last, true) ^ view.getInt32(b + last, true));
  for (let p = 8; p < third; p += 4) difference |= view.getInt32(a + p, true) ^ view.getInt32(b + p, true);
  return difference === 0;
}
