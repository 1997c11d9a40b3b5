/** The two ways a delivery can fail. They decide what the sender is told, so every error ends as one of them. */
abstract class DeliveryError extends Error {
  /** Marks errors of every copy of this module, so that a plugin with its own copy is understood. */
  readonly delivery: 'retryable' | 'permanent';

  constructor(message: string, delivery: 'retryable' | 'permanent', cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.delivery = delivery;
  }
}

export interface RetryableOptions {
  /** When to try again, in milliseconds; what the other side asked for, where it did. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * The same data may go through later: the other side is away, busy or full.
 * A sender upstream hears 503 with Retry-After, or UNAVAILABLE with RetryInfo.
 */
export class RetryableError extends DeliveryError {
  override readonly name = 'RetryableError';
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: RetryableOptions = {}) {
    super(message, 'retryable', options.cause);
    this.retryAfterMs = options.retryAfterMs;
  }
}

export interface PermanentOptions {
  /** The data was refused for its size alone: halves of it may go through, and the engine tries them. */
  readonly tooLarge?: boolean;
  /** Some records may be to blame, and the rest may go through without them: the engine looks for them. */
  readonly badData?: boolean;
  readonly cause?: unknown;
}

/**
 * The same data will never go through: the other side refuses it as it is.
 * A sender upstream hears 400, or INVALID_ARGUMENT, and must not try again.
 */
export class PermanentError extends DeliveryError {
  override readonly name = 'PermanentError';
  readonly tooLarge: boolean;
  readonly badData: boolean;

  constructor(message: string, options: PermanentOptions = {}) {
    super(message, 'permanent', options.cause);
    this.tooLarge = options.tooLarge ?? false;
    this.badData = options.badData ?? false;
  }
}

/** Reads any thrown value as one of the two. What is neither is a fault of ours, and trying again loses nothing. */
export function asDeliveryError(error: unknown): RetryableError | PermanentError {
  if (error instanceof RetryableError || error instanceof PermanentError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { delivery, retryAfterMs, tooLarge, badData } = (error ?? {}) as Partial<RetryableError & PermanentError>;
  if (delivery === 'permanent')
    return new PermanentError(message, { tooLarge: tooLarge === true, badData: badData === true, cause: error });
  return new RetryableError(message, { cause: error, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) });
}

/**
 * One error for data that went several ways. Retryable wins: sending again may cost a duplicate, giving up would cost data.
 * The longest wait that any of them asked for is kept.
 */
export function combineErrors(errors: readonly unknown[]): RetryableError | PermanentError {
  const known = errors.map(asDeliveryError);
  const [only] = known;
  if (known.length === 1 && only !== undefined) return only;
  const message = [...new Set(known.map((error) => error.message))].join('; ');
  const retryable = known.filter((error) => error instanceof RetryableError);
  if (retryable.length === 0) {
    return new PermanentError(message, {
      tooLarge: known.every((error) => error instanceof PermanentError && error.tooLarge),
    });
  }
  const waits = retryable.flatMap((error) => error.retryAfterMs ?? []);
  return new RetryableError(message, waits.length > 0 ? { retryAfterMs: Math.max(...waits) } : {});
}
