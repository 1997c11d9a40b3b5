import type { Limits } from './limits.ts';

const payload = Buffer.from('sluicekp', 'latin1');

/** Pings a peer that is silent, and tells when it does not answer. */
export class Keepalive {
  private readonly limits: Pick<Limits, 'keepaliveTime' | 'keepaliveTimeout' | 'keepaliveWithoutStreams'>;
  private readonly ping: (payload: Buffer) => void;
  private seenTimes = 0;
  private heardAt = Date.now();
  private pingedAt = 0;
  /** How often bytes came from the peer. */
  heardTimes = 0;

  constructor(limits: Keepalive['limits'], ping: (payload: Buffer) => void) {
    this.limits = limits;
    this.ping = ping;
  }

  /** Bytes came from the peer. */
  heard(): void {
    this.heardTimes++;
  }

  /** A ping is under way, and nothing came since. */
  get waiting(): boolean {
    return this.pingedAt > 0 && this.heardTimes === this.seenTimes;
  }

  /** Pings now. */
  ask(now: number): void {
    if (this.waiting) return;
    this.seenTimes = this.heardTimes;
    this.pingedAt = now;
    this.ping(payload);
  }

  /** False where the peer is taken for dead. */
  check(now: number, active: boolean): boolean {
    const { keepaliveTime, keepaliveTimeout, keepaliveWithoutStreams } = this.limits;
    if (this.heardTimes !== this.seenTimes) {
      this.seenTimes = this.heardTimes;
      this.heardAt = now;
      this.pingedAt = 0;
    }
    if (this.pingedAt > 0) return now - this.pingedAt < keepaliveTimeout;
    if (keepaliveTime > 0 && now - this.heardAt >= keepaliveTime && (active || keepaliveWithoutStreams)) this.ask(now);
    return true;
  }
}
