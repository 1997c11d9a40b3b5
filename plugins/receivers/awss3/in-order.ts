/** Work that goes on at the same time and counts as finished in the order in which it began. */
export class InOrder<T> {
  private readonly items: { readonly value: T; pending: number; complete: boolean }[] = [];
  private readonly finished: (value: T) => void;

  /** `finished` hears of the last item that is finished along with all before it. */
  constructor(finished: (value: T) => void) {
    this.finished = finished;
  }

  /** Begins an item. Its parts are added while it is open; `complete` says that no more will come. */
  begin(value: T): { add(): () => void; complete(): void } {
    const item = { value, pending: 0, complete: false };
    this.items.push(item);
    return {
      add: () => {
        item.pending += 1;
        return () => {
          item.pending -= 1;
          this.advance();
        };
      },
      complete: () => {
        item.complete = true;
        this.advance();
      },
    };
  }

  private advance(): void {
    let last: { readonly value: T } | undefined;
    while (this.items[0]?.complete === true && this.items[0].pending === 0) last = this.items.shift();
    if (last !== undefined) this.finished(last.value);
  }
}
