/**
 * Room for data on its way, counted in bytes. Whoever brings data waits here, first come first served, so that memory
 * stays bounded however fast data arrives.
 */
export class ByteWindow {
  readonly capacity: number;
  private taken = 0;
  private readonly queue: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get used(): number {
    return this.taken;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Takes room at once, or says that there is none. A batch larger than the whole window passes when it is alone. */
  tryEnter(bytes: number): boolean {
    if (this.queue.length > 0 || !this.fits(bytes)) return false;
    this.taken += bytes;
    return true;
  }

  /** Waits for room; false when `signal` aborted first. */
  enter(bytes: number, signal: AbortSignal): Promise<boolean> {
    if (this.tryEnter(bytes)) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const place = {
      bytes,
      enter: () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      },
    };
    const leave = (): void => {
      this.queue.splice(this.queue.indexOf(place), 1);
      resolve(false);
      this.admit();
    };
    this.queue.push(place);
    signal.addEventListener('abort', leave, { once: true });
    return promise;
  }

  leave(bytes: number): void {
    this.taken -= bytes;
    this.admit();
  }

  private admit(): void {
    for (let next = this.queue[0]; next !== undefined && this.fits(next.bytes); next = this.queue[0]) {
      this.queue.shift();
      this.taken += next.bytes;
      next.enter();
    }
  }

  private fits(bytes: number): boolean {
    return this.taken === 0 || this.taken + bytes <= this.capacity;
  }
}
