/** What a plan carries from one message to those below it: verdicts, and places of values in the arena. */
export class Registers {
  readonly flags: number[] = [];
  readonly valueAt: number[] = [];
  readonly valueEnd: number[] = [];

  /** A new verdict. */
  flag(): number {
    return this.flags.push(0) - 1;
  }

  /** A new value; -1 in `valueAt` means that there is none. */
  value(): number {
    this.valueEnd.push(-1);
    return this.valueAt.push(-1) - 1;
  }
}
