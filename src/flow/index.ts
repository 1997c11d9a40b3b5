export {
  asDeliveryError,
  combineErrors,
  PermanentError,
  RetryableError,
  type PermanentOptions,
  type RetryableOptions,
} from './errors.ts';
export { mergeDeliveries, type Delivery, type Outcome } from './delivery.ts';
export { Backoff, type BackoffOptions } from './backoff.ts';
export { sleep, systemClock, type Clock, type Timer } from './clock.ts';
export { bufferBy, keep, partition, type BufferOptions } from './operators.ts';
