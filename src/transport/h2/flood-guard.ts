import { ConnectionError, errorCode } from './codes.ts';

/**
 * Frames that cost us work and the peer next to nothing. `burst` of a kind are free, `perSecond` more as time goes by, and
 * `perRequest` for every request that is served, since honest peers ping and update windows along with their requests.
 */
const allowances = {
  ping: { burst: 100, perSecond: 5, perRequest: 2 },
  settings: { burst: 20, perSecond: 1, perRequest: 0 },
  /** Streams that either side reset before their end. */
  reset: { burst: 1000, perSecond: 33, perRequest: 0 },
  /** DATA without data and without END_STREAM. */
  emptyFrame: { burst: 100, perSecond: 1, perRequest: 1 },
  windowUpdate: { burst: 5000, perSecond: 100, perRequest: 20 },
  priority: { burst: 500, perSecond: 10, perRequest: 2 },
  /** Unknown frame types, GOAWAY. */
  other: { burst: 500, perSecond: 10, perRequest: 1 },
} as const;

export type Nuisance = keyof typeof allowances;

interface Allowance {
  left: number;
  checkedAt: number;
  readonly burst: number;
  readonly perSecond: number;
  readonly perRequest: number;
}

/** Counts one connection's nuisances. */
export class FloodGuard {
  private readonly counts = new Map<Nuisance, Allowance>();
  private requests = 0;

  served(): void {
    this.requests++;
  }

  /** The peer has done something that entitles it to more. */
  earn(kind: Nuisance, amount: number): void {
    const allowance = this.counts.get(kind);
    if (allowance !== undefined) allowance.left = Math.min(allowance.burst, allowance.left + amount);
  }

  /** Throws ConnectionError ENHANCE_YOUR_CALM when there were too many of a kind. */
  count(kind: Nuisance): void {
    let allowance = this.counts.get(kind);
    if (allowance === undefined) {
      allowance = { left: allowances[kind].burst, checkedAt: Date.now(), ...allowances[kind] };
      this.counts.set(kind, allowance);
    }
    allowance.left -= 1;
    if (allowance.left < allowance.burst / 2) this.refill(allowance);
    if (allowance.left < 0) throw new ConnectionError(errorCode.enhanceYourCalm, `too many frames of kind ${kind}`);
  }

  private refill(allowance: Allowance): void {
    const now = Date.now();
    const earned = ((now - allowance.checkedAt) / 1000) * allowance.perSecond;
    const credit = this.requests * allowance.perRequest;
    if (earned + credit < 1) return;
    allowance.left = Math.min(allowance.burst, allowance.left + earned + credit);
    allowance.checkedAt = now;
    this.requests = 0;
  }
}
