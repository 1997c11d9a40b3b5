import { copy, same } from './copy';
import { hashOf } from './hash';
import { Vector } from './vector';

const LEAST_SLOTS: u32 = 1024;

@unmanaged
class Item {
  hash: u32;
  // Number of the item behind it in its slot, plus one.
  next: u32;
  value: u32;
  // Where its key begins among the keys, and how many bytes it has.
  start: usize;
  size: usize;
}

const ITEM = <u32>offsetof<Item>();

// Numbers by keys of bytes. Of zeros at first.
@unmanaged
export class ByteMap {
  // Three vectors: the first item of each slot, the items, their keys.
  private slotsAt: usize;
  private slotsUsed: usize;
  private slotsCapacity: usize;
  private itemsAt: usize;
  private itemsUsed: usize;
  private itemsCapacity: usize;
  private keysAt: usize;
  private keysUsed: usize;
  private keysCapacity: usize;
  // Of the key that was looked for last.
  private hash: u32;

  get count(): u32 {
    return <u32>(this.itemsUsed / ITEM);
  }

  // Bytes of all keys.
  get size(): usize {
    return this.keysUsed;
  }

  clear(): void {
    this.itemsUsed = 0;
    this.keysUsed = 0;
    memory.fill(this.slotsAt, 0, this.slotsUsed);
  }

  // The number of this key; -1 for none.
  find(key: usize, size: usize): i32 {
    const hash = hashOf(key, size);
    this.hash = hash;
    if (this.slotsUsed == 0) return -1;
    let next = load<u32>(this.slotOf(hash));
    while (next != 0) {
      const item = changetype<Item>(this.itemsAt + (next - 1) * ITEM);
      if (item.hash == hash && item.size == size && same(this.keysAt + item.start, key, size)) return item.value;
      next = item.next;
    }
    return -1;
  }

  // Adds the key that was looked for last, and gives where it is among the keys.
  add(key: usize, size: usize, value: u32): usize {
    if (this.count >= <u32>(this.slotsUsed >> 2)) this.spread();
    const start = this.keysUsed;
    copy(this.keys.append(size), key, size);
    const item = changetype<Item>(this.items.append(ITEM));
    item.hash = this.hash;
    item.value = value;
    item.start = start;
    item.size = size;
    this.link(item, this.count);
    return start;
  }

  // Where the key is that `add` put there.
  @inline
  keyAt(start: usize): usize {
    return this.keysAt + start;
  }

  private link(item: Item, number: u32): void {
    const slot = this.slotOf(item.hash);
    item.next = load<u32>(slot);
    store<u32>(slot, number);
  }

  // Twice as many slots.
  private spread(): void {
    const size = max<usize>(2 * this.slotsUsed, 4 * LEAST_SLOTS);
    this.slots.used = 0;
    memory.fill(this.slots.append(size), 0, size);
    for (let number: u32 = 1; number <= this.count; number++)
      this.link(changetype<Item>(this.itemsAt + (number - 1) * ITEM), number);
  }

  private slotOf(hash: u32): usize {
    return this.slotsAt + (hash & ((<u32>this.slotsUsed >> 2) - 1)) * 4;
  }

  private get slots(): Vector {
    return changetype<Vector>(changetype<usize>(this) + offsetof<ByteMap>('slotsAt'));
  }

  private get items(): Vector {
    return changetype<Vector>(changetype<usize>(this) + offsetof<ByteMap>('itemsAt'));
  }

  private get keys(): Vector {
    return changetype<Vector>(changetype<usize>(this) + offsetof<ByteMap>('keysAt'));
  }
}
