import { ConnectionError, errorCode } from './codes.ts';

const allowedStrikes = 2;
/** Shortest time between pings while no request is under way, where those are not allowed. */
const idleMinTime = 7_200_000;

/** Cuts off clients that ping more often than they may, by the rules that gRPC servers share. */
export class PingPolicy {
  private readonly options: { readonly minTime: number; readonly withoutStreams: boolean };
  private strikes = 0;
  private lastAt = 0;

  constructor(options: PingPolicy['options']) {
    this.options = options;
  }

  /** An answer was sent: pings that measure its round trip are welcome. */
  sent(): void {
    this.strikes = 0;
    this.lastAt = 0;
  }

  /** Throws ConnectionError for one ping too many. */
  received(active: boolean): void {
    const now = Date.now();
    const { minTime, withoutStreams } = this.options;
    const shortest = active || withoutStreams ? minTime : idleMinTime;
    if (this.lastAt > 0 && now - this.lastAt < shortest) this.strikes++;
    this.lastAt = now;
    if (this.strikes > allowedStrikes) throw new ConnectionError(errorCode.enhanceYourCalm, 'too_many_pings');
  }
}
