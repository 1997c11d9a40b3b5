import { asDeliveryError, RetryableError, type Context } from 'sluice/plugin';
import type { Token } from './token-answer.ts';

/** How long after a failure nobody asks again. */
const pauseMs = 1000;

interface Held {
  readonly authorization: string;
  readonly refreshAt: number;
  readonly endsAt: number;
}

/** The token of the moment. It is fetched once for all who wait, and anew before it ends, while the old one serves. */
export class TokenSource {
  private readonly fetch: () => Promise<Token>;
  private readonly bufferMs: number;
  private readonly context: Pick<Context, 'clock' | 'logger' | 'report'>;
  private held: Held | undefined;
  private fetching: Promise<string> | undefined;
  private failure: { readonly error: RetryableError; readonly until: number } | undefined;

  constructor(fetch: () => Promise<Token>, bufferMs: number, context: Pick<Context, 'clock' | 'logger' | 'report'>) {
    this.fetch = fetch;
    this.bufferMs = bufferMs;
    this.context = context;
  }

  /** What stands in the Authorization header. Rejects with RetryableError where there is no token that is still good. */
  async authorization(): Promise<string> {
    const now = this.context.clock.now();
    const { held } = this;
    if (held === undefined || now >= held.endsAt) return await this.refreshed(now);
    // A failure is in the log by then, and the old token does for now.
    if (now >= held.refreshAt) this.refreshed(now).catch(() => {});
    return held.authorization;
  }

  private refreshed(now: number): Promise<string> {
    const { failure } = this;
    if (failure !== undefined && now < failure.until) return Promise.reject(failure.error);
    this.fetching ??= this.refresh().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async refresh(): Promise<string> {
    const { clock, logger, report } = this.context;
    const askedAt = clock.now();
    try {
      const { authorization, lifetimeMs = Infinity } = await this.fetch();
      const endsAt = askedAt + lifetimeMs;
      this.held = { authorization, endsAt, refreshAt: endsAt - Math.min(this.bufferMs, lifetimeMs / 2) };
      this.failure = undefined;
      report('ok');
      return authorization;
    } catch (thrown) {
      const { message, retryAfterMs } = asDeliveryError(thrown) as RetryableError;
      const wait = Math.max(pauseMs, retryAfterMs ?? 0);
      const error = new RetryableError(`no token: ${message}`, { retryAfterMs: wait, cause: thrown });
      this.failure = { error, until: clock.now() + wait };
      logger.warn({ error: message }, 'no token from the authorization server');
      report('recoverable_error', error.message);
      throw error;
    }
  }
}
