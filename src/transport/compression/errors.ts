export type CompressionFault = 'too_large' | 'malformed' | 'unsupported';

/** Bytes that could not be brought into or out of an encoding. `fault` decides the answer: 413, 400 or 415. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
  readonly fault: CompressionFault;

  constructor(fault: CompressionFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/** The error of a body that goes on after `limit` decompressed bytes. */
export function tooLarge(limit: number): CompressionError {
  return new CompressionError('too_large', `more than ${limit} bytes after decompression`);
}

/** Reads what node:zlib threw: its own limit, or data that is not what the encoding says. */
export function fromZlib(error: unknown, encoding: string, limit: number): CompressionError {
  if (error instanceof CompressionError) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limit);
  const detail = error instanceof Error ? error.message : String(error);
  return new CompressionError('malformed', `not valid ${encoding}: ${detail}`, error);
}
