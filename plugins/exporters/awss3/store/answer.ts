import { PermanentError, RetryableError } from 'sluice/plugin';

/** The object is too large for the server, or what it is made of. */
const tooLarge = new Set(['EntityTooLarge', 'MaxMessageLengthExceeded', 'RequestEntityTooLarge']);
/** The object will never be taken under its name. */
const badName = new Set(['KeyTooLongError', 'InvalidURI', 'XMinioInvalidObjectName']);
/** These come with statuses that say otherwise. */
const passing = new Set(['RequestTimeout', 'SlowDown', 'Throttling', 'ThrottlingException', 'RequestTimeTooSkewed']);

const longestMessage = 500;

/**
 * What a failed request means. What operators can mend (rights, a missing bucket, a wrong region, keys of encryption) is tried
 * again, for nothing is lost by waiting; only what is wrong with the object itself is for good.
 */
export function asAnswer(error: unknown, signal?: AbortSignal): RetryableError | PermanentError {
  if (error instanceof RetryableError || error instanceof PermanentError) return error;
  if (signal?.aborted === true) {
    const reason: unknown = signal.reason;
    return new RetryableError(reason instanceof Error ? reason.message : 'aborted', { cause: error });
  }
  const { name, message, status } = read(error);
  const text = `S3: ${status === undefined ? '' : `HTTP ${status} `}${name}: ${message}`.slice(0, longestMessage);
  if (tooLarge.has(name) || status === 413) return new PermanentError(text, { tooLarge: true, cause: error });
  if (badName.has(name)) return new PermanentError(text, { badData: true, cause: error });
  return new RetryableError(text, { cause: error });
}

/** Whether the same request may go through in a moment: the server is away, slow or busy. */
export function mayPass(error: unknown): boolean {
  const { name, status } = read(error);
  if (name === 'AbortError') return false;
  return status === undefined || status >= 500 || status === 408 || status === 429 || passing.has(name);
}

function read(error: unknown): { name: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), status: undefined };
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  // A connection that failed on each address of a host says nothing by itself.
  const inner = error instanceof AggregateError ? (error.errors as Error[]).map((one) => one.message).join('; ') : '';
  return { name: error.name, message: error.message || inner, status: $metadata?.httpStatusCode };
}
