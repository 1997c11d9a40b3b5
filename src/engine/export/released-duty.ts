import type { Duty } from '../../flow/delivery.ts';

/** A duty that gives something back, a place in a queue for instance, when it is settled for the first time. */
export class ReleasedDuty implements Duty {
  private readonly duty: Duty;
  private release: (() => void) | undefined;

  constructor(duty: Duty, release: () => void) {
    this.duty = duty;
    this.release = release;
  }

  get deadline(): number | undefined {
    return this.duty.deadline;
  }

  get settled(): boolean {
    return this.duty.settled;
  }

  settle(error?: unknown): void {
    const { release } = this;
    this.release = undefined;
    this.duty.settle(error);
    release?.();
  }

  mark(component: string): void {
    this.duty.mark?.(component);
  }
}
