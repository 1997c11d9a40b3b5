/** The dynamic table of RFC 7541: newest entry first, oldest ones evicted. Index 0 is the newest. */
export class DynamicTable {
  private names: string[] = [];
  private values: string[] = [];
  private sound: boolean[] = [];
  /** Position of the newest entry; entries before it are older. */
  private newest = -1;
  private capacity: number;
  length = 0;
  /** In the protocol's count: name, value and 32 for each entry. */
  size = 0;
  maxSize: number;
  /** Grows with every change; what was computed from the table holds while it stays. */
  version = 0;

  constructor(maxSize: number) {
    this.maxSize = maxSize;
    this.capacity = 1;
  }

  resize(maxSize: number): void {
    if (maxSize === this.maxSize) return;
    this.maxSize = maxSize;
    this.version++;
    this.evict(0);
  }

  /** An entry that is larger than the table empties it, as the protocol says. `sound` is kept with it. */
  add(name: string, value: string, sound = true): void {
    const size = name.length + value.length + 32;
    this.version++;
    this.evict(size);
    if (size > this.maxSize) return;
    if (this.length === this.capacity) this.grow();
    this.newest = (this.newest + 1) & (this.capacity - 1);
    this.names[this.newest] = name;
    this.values[this.newest] = value;
    this.sound[this.newest] = sound;
    this.length++;
    this.size += size;
  }

  name(index: number): string {
    return this.names[(this.newest - index) & (this.capacity - 1)] as string;
  }

  value(index: number): string {
    return this.values[(this.newest - index) & (this.capacity - 1)] as string;
  }

  isSound(index: number): boolean {
    return this.sound[(this.newest - index) & (this.capacity - 1)] as boolean;
  }

  /** Index of a field, -1 where it is absent. */
  find(name: string, value: string): number {
    for (let index = 0; index < this.length; index++) {
      if (this.value(index) === value && this.name(index) === name) return index;
    }
    return -1;
  }

  private evict(room: number): void {
    while (this.length > 0 && this.size + room > this.maxSize) {
      const oldest = this.length - 1;
      this.size -= this.name(oldest).length + this.value(oldest).length + 32;
      this.length--;
    }
  }

  private grow(): void {
    const names: string[] = [];
    const values: string[] = [];
    const sound: boolean[] = [];
    for (let index = this.length - 1; index >= 0; index--) {
      names.push(this.name(index));
      values.push(this.value(index));
      sound.push(this.isSound(index));
    }
    this.names = names;
    this.values = values;
    this.sound = sound;
    this.newest = this.length - 1;
    this.capacity *= 2;
  }
}
