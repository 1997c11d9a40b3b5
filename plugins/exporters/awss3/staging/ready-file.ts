import type { StageHeader } from './stage-header.ts';

/** A stage file that waits for its upload. */
export interface ReadyFile {
  readonly path: string;
  readonly salt: number;
  readonly header: StageHeader;
  readonly size: number;
  /** Where its safe bytes end; undefined where a crash left the file. */
  readonly limit: number | undefined;
  /** Where damage was found, so that it is reported once. */
  readonly damages: Set<number>;
}
