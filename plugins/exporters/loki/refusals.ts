/** Why a record was refused, here or by Loki. */
export type Reason =
  'too_old' | 'too_new' | 'out_of_order' | 'line_too_long' | 'structured_metadata' | 'no_tenant' | 'refused';

const words: Readonly<Record<Reason, string>> = {
  too_old: 'too old',
  too_new: 'too far in the future',
  out_of_order: 'out of order (too far behind the newest of their stream)',
  line_too_long: 'with a line that is too long',
  structured_metadata: 'with structured metadata that Loki does not take',
  no_tenant: 'without a tenant',
  refused: 'refused',
};

/** How many records were refused, and why. */
export class Refusals {
  readonly counts = new Map<Reason, number>();
  /** What was said about them, the first of each kind. */
  private readonly messages = new Set<string>();

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  add(reason: Reason, count: number, message?: string): void {
    if (count === 0) return;
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
    if (message !== undefined && this.messages.size < 5) this.messages.add(message);
  }

  merge(other: Refusals | undefined): void {
    if (other === undefined) return;
    for (const [reason, count] of other.counts) this.add(reason, count);
    for (const message of other.messages) if (this.messages.size < 5) this.messages.add(message);
  }

  /** `3 too old, 1 out of order: what Loki said`. */
  toString(): string {
    const counted = [...this.counts].map(([reason, count]) => `${count} ${words[reason]}`).join(', ');
    return this.messages.size === 0 ? counted : `${counted}: ${[...this.messages].join('; ')}`;
  }
}
