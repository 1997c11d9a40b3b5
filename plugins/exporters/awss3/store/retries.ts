import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { Backoff } from 'sluice/plugin';
import type { UploaderConfig } from '../config.ts';
import { mayPass } from './answer.ts';

/** The part of the client's interface that is used. */
type RetryStrategy = Extract<NonNullable<S3ClientConfig['retryStrategy']>, { recordSuccess: unknown }>;
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** How the client tries again in the mode `standard`: up to so many attempts, with waits that grow up to a longest one. */
export function standardRetries(
  config: Pick<UploaderConfig, 'retry_max_attempts' | 'retry_max_backoff'>,
): RetryStrategy {
  const token = (retries: number, wait: number): Token => ({
    getRetryCount: () => retries,
    getRetryDelay: () => wait,
  });
  const backoff = { initialMs: 200, maxMs: config.retry_max_backoff, multiplier: 2, randomization: 0.5 };
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(before, { error, retryAfterHint }) {
      const retries = before.getRetryCount() + 1;
      if (retries >= config.retry_max_attempts || !mayPass(error)) throw error;
      const waits = new Backoff(backoff);
      for (let i = 1; i < retries; i++) waits.next();
      return token(retries, waits.next(retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now()));
    },
    recordSuccess: () => {},
  };
}
