/** The file operations that durable storage needs, so that tests can lose power between any two of them. */
export interface FileSystem {
  /** Makes the directory and its parents, readable by the owner alone. Nothing happens to one that exists. */
  mkdir(path: string): Promise<void>;
  open(path: string, mode: OpenMode): Promise<File>;
  /** Names in a directory, in no order; none where there is no such directory. */
  list(path: string): Promise<string[]>;
  /** Undefined where there is no such file. */
  stat(path: string): Promise<FileFacts | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens where there is no such file. */
  unlink(path: string): Promise<void>;
  /** Makes names that were added, renamed or removed in the directory safe. */
  syncDirectory(path: string): Promise<void>;
  /** One holder at a time, over all processes. Rejects with the fault `locked`, naming the holder. */
  lock(path: string): Promise<Lock>;
}

/** `create` fails where the file exists; `replace` empties it; `update` and `read` fail where it does not exist. */
export type OpenMode = 'create' | 'replace' | 'update' | 'read';

export interface FileFacts {
  readonly size: number;
  readonly directory: boolean;
}

export interface File {
  /** Writes all buffers one after the other from `position`, or fails; a failure may leave a part of them. */
  write(buffers: readonly Uint8Array[], position: number): Promise<void>;
  /** As `write`, before it returns: for a few bytes that nobody syncs. Throws where it fails. */
  put(bytes: Uint8Array, position: number): void;
  /** Fills `buffer` from `position`; returns fewer bytes only at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** fdatasync: what was written and the size are safe when it resolves. Never call it again after it failed. */
  sync(): Promise<void>;
  /** Cuts the file or lets it grow by zeros. */
  resize(size: number): Promise<void>;
  close(): Promise<void>;
}

export interface Lock {
  release(): Promise<void>;
}
