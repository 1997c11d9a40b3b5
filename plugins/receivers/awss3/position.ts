import type { Signal, Storage } from 'sluice/plugin';
import type { Config } from './config.ts';

/** The last object that was replayed whole, with all before it. */
export interface Position {
  /** A moment of its partition, in milliseconds since the epoch. */
  readonly time: number;
  readonly signal: Signal;
  readonly key: string;
}

export type Progress = Position | 'done' | undefined;

const storageKey = 'position';

/** Keeps how far the replay has come. What was kept for another range, another place or other signals does not count. */
export class PositionStore {
  private readonly storage: Storage;
  private readonly task: string;
  private saving: Promise<void> | undefined;
  private next: Progress;

  constructor(storage: Storage, task: string) {
    this.storage = storage;
    this.task = task;
  }

  async load(): Promise<Progress> {
    const kept = await this.storage.get(storageKey);
    if (kept === undefined) return undefined;
    const { task, progress } = JSON.parse(Buffer.from(kept).toString()) as { task: string; progress: Progress };
    return task === this.task ? progress : undefined;
  }

  /** Resolves when this position, or a later one, is kept. */
  async save(progress: Progress): Promise<void> {
    this.next = progress;
    await (this.saving ??= this.write());
  }

  private async write(): Promise<void> {
    try {
      for (let saved: Progress; saved !== this.next;) {
        saved = this.next;
        await this.storage.set(storageKey, Buffer.from(JSON.stringify({ task: this.task, progress: saved })));
      }
    } finally {
      this.saving = undefined;
    }
  }
}

/** What the replay is about, as text. */
export function taskOf({ starttime, endtime, s3downloader }: Config, signals: readonly Signal[]): string {
  const { s3_partition_format, ...rest } = s3downloader;
  return JSON.stringify([starttime, endtime, { ...rest, format: s3_partition_format?.source }, signals]);
}
