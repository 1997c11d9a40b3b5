import type { SecureContextOptions } from 'node:tls';
import type { Surroundings } from '../surroundings.ts';

export interface ReloadOptions {
  /** Milliseconds between two looks; undefined or 0: never. */
  readonly every: number | undefined;
  /** Reads everything anew. What it throws keeps the old. */
  readonly read: () => SecureContextOptions;
  readonly current: SecureContextOptions;
  readonly apply: (options: SecureContextOptions) => void;
}

/** Reads certificates again and again, and hands on what changed. The returned function ends it. */
export function reloadCertificates({ clock, logger }: Surroundings, options: ReloadOptions): () => void {
  const { every } = options;
  if (every === undefined || every <= 0) return () => {};
  let known = fingerprint(options.current);
  let lastFault = '';
  let timer = clock.after(every, look);
  function look(): void {
    timer = clock.after(every as number, look);
    try {
      const fresh = options.read();
      lastFault = '';
      const mark = fingerprint(fresh);
      if (mark === known) return;
      options.apply(fresh);
      known = mark;
      logger.info({}, 'tls certificates loaded anew');
    } catch (error) {
      const fault = (error as Error).message;
      if (fault !== lastFault) logger.warn({ error: fault }, 'tls certificates cannot be loaded; the old ones stay');
      lastFault = fault;
    }
  }
  return () => timer.cancel();
}

function fingerprint({ ca, cert, key }: SecureContextOptions): string {
  return JSON.stringify([ca, cert, key]);
}
