// Bytes behind the capacity of every vector: whole words and registers may be read and written past what is in use.
const SLACK: usize = 64;
// Fixed places lie below this; see places.as.
const FIRST: usize = 0x10000;
const LEAST: usize = 1024;

let top: usize = FIRST;
if (memory.grow(1) < 0) unreachable();

// Bytes one behind the other whose room grows. Growing may move them: positions in a vector are kept as offsets.
@unmanaged
export class Vector {
  at: usize;
  used: usize;
  capacity: usize;

  // Makes room for `size` bytes behind those in use.
  @inline
  reserve(size: usize): void {
    if (this.capacity - this.used < size) this.grow(size);
  }

  // Makes room for `size` bytes behind those in use, counts them as used and gives where they are.
  @inline
  append(size: usize): usize {
    this.reserve(size);
    const place = this.at + this.used;
    this.used += size;
    return place;
  }

  // Where the next byte comes.
  @inline
  get end(): usize {
    return this.at + this.used;
  }

  // Makes room for `size` bytes in all, and gives where they are: what was there is lost. The next one may be a little larger.
  renew(size: usize): usize {
    this.used = 0;
    if (this.capacity < size) this.move(size + (size >> 2));
    return this.at;
  }

  private grow(size: usize): void {
    this.move(max<usize>(max<usize>(2 * this.capacity, this.used + size), LEAST));
  }

  private move(size: usize): void {
    const capacity: usize = (size + 15) & ~15;
    if (this.capacity > 0 && this.at + this.capacity + SLACK == top) {
      allocate(capacity - this.capacity);
    } else {
      const place = allocate(capacity + SLACK);
      memory.copy(place, this.at, this.used);
      this.at = place;
    }
    this.capacity = capacity;
  }
}

// What a vector leaves behind when it moves is not used again: the instance is let go of when it has become large.
function allocate(size: usize): usize {
  const place = top;
  top += size;
  const pages = <i32>((top + 0xffff) >> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable();
  return place;
}
