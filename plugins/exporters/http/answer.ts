import { answerError, PermanentError, type HttpClientResponse, type RetryableError } from 'sluice/plugin';
import type { Config } from './config.ts';

/** What an answer says about its request; undefined where the destination has the data. */
export function answerFailure(
  config: Pick<Config, 'success' | 'retry_on_status'>,
): (answer: HttpClientResponse) => RetryableError | PermanentError | undefined {
  const success = config.success === undefined ? undefined : new Set(config.success);
  const later = new Set(config.retry_on_status);
  return (answer) => {
    const isSuccess = success?.has(answer.status) ?? (answer.status >= 200 && answer.status < 300);
    if (isSuccess) return undefined;
    const error = answerError(answer, later.has(answer.status) ? { retryable: later } : {});
    return error ?? new PermanentError(`HTTP ${answer.status}, which is none of \`success\``);
  };
}
