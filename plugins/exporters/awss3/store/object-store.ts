/** Where an object goes. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** An object as it is written: its place and what is known of its bytes. */
export interface ObjectHead extends ObjectPlace {
  readonly contentType: string;
  /** `gzip`, `zstd`; undefined where its bytes are not compressed. */
  readonly contentEncoding: string | undefined;
}

/** An upload in parts that nobody finished. */
export interface DanglingUpload {
  readonly key: string;
  readonly uploadId: string;
  /** In milliseconds since the epoch; undefined where the server does not tell. */
  readonly initiated: number | undefined;
}

/** What is asked of S3. Everything rejects with what the client throws; `signal` aborts a request. */
export interface ObjectStore {
  put(head: ObjectHead, body: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Begins an upload in parts, and gives its id. */
  begin(head: ObjectHead, signal: AbortSignal): Promise<string>;
  /** Sends a part, from 1 on, and gives its tag. */
  part(place: ObjectPlace, uploadId: string, number: number, body: Uint8Array, signal: AbortSignal): Promise<string>;
  /** Makes an object of the parts, in order, by their tags. */
  complete(place: ObjectPlace, uploadId: string, tags: readonly string[], signal: AbortSignal): Promise<void>;
  abort(place: ObjectPlace, uploadId: string, signal: AbortSignal): Promise<void>;
  /** Unfinished uploads whose keys begin with `prefix`. */
  unfinished(bucket: string, prefix: string, signal: AbortSignal): AsyncIterable<DanglingUpload>;
  close(): void;
}
