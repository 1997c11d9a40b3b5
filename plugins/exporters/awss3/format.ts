import type { Batch, Signal } from 'sluice/plugin';

/** How records become the bytes of one object. */
export interface ObjectFormat {
  /** File extension, without the dot: `ndjson`, `json`, `binpb`, `parquet`. */
  readonly extension: string;
  readonly contentType: string;
  /** Whether the object's bytes go through `compression`; Parquet compresses inside. */
  readonly compressible: boolean;
  /** Begins an object of one signal. Chunks go to `write`, in order; memory held is bounded whatever the object's size. */
  open(signal: Signal, write: (chunk: Uint8Array) => void): ObjectWriter;
}

export interface ObjectWriter {
  add(batch: Batch): void;
  end(): void;
}
