import type { Dispatcher } from 'undici';

/** Up to this size a body is handed over as it is. */
const small = 16 * 1024;

/**
 * A request's body for undici. Undici's own lists keep requests that ended alive until V8 goes over the whole heap, bodies
 * included: a large one therefore comes from an iterator that lets go of it. The request has to say its length.
 */
export function bodyOf(bytes: Uint8Array | undefined): NonNullable<Dispatcher.DispatchOptions['body']> | null {
  if (bytes === undefined) return null;
  // Undici takes iterables, though its types know only streams.
  return bytes.length <= small
    ? bytes
    : (new OnceBody(bytes) as unknown as NonNullable<Dispatcher.DispatchOptions['body']>);
}

type Result = Promise<IteratorResult<Uint8Array>>;

class OnceBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  private bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Result {
    const { bytes } = this;
    this.bytes = undefined;
    return Promise.resolve(bytes === undefined ? { done: true, value: undefined } : { done: false, value: bytes });
  }

  return(): Result {
    this.bytes = undefined;
    return this.next();
  }
}
