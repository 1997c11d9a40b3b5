/**
 * What went wrong with storage, as callers have to tell it apart:
 * `full` the queue's own limit; `disk_full` the disk's; `io` the disk failed; `too_large` one record is over the limit and
 * never fits; `closed` the queue was closed; `locked` another process has the directory; `newer_format` the files were
 * written by a later version. All but `too_large` and `newer_format` may pass with time.
 */
export type StorageFault = 'full' | 'disk_full' | 'io' | 'too_large' | 'closed' | 'locked' | 'newer_format';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Reads a failed file operation as a fault; `where` says what was tried, with the path. */
export function asStorageError(error: unknown, where: string): StorageError {
  if (error instanceof StorageError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new StorageError(full ? 'disk_full' : 'io', `${where}: ${full ? 'no space left: ' : ''}${reason}`, error);
}
