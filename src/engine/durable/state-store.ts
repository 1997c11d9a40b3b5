import { join } from 'node:path';
import type { Storage, StorageProvider } from '../../plugin/index.ts';
import { AtomicFile } from './atomic-file.ts';
import { asStorageError, StorageError } from './errors.ts';
import { fileNameOf } from './file-names.ts';
import type { FileSystem } from './fs.ts';
import { nodeFileSystem } from './node-fs.ts';

const folder = 'state';
const maxValueBytes = 1024 * 1024;

export interface StateStoreOptions {
  /** The directory of the storage extension. Its owner holds the lock. */
  readonly directory: string;
  readonly fs?: FileSystem;
  /** A copy of a value is damaged; the one before it is used, or none. */
  readonly trouble?: (error: StorageError) => void;
}

/** Small values of components, each in a file of its own that is replaced whole, with the copy before it kept. */
export function openStateStore({ directory, fs = nodeFileSystem, trouble }: StateStoreOptions): StorageProvider {
  return {
    async open(owner) {
      const path = join(directory, folder, fileNameOf(owner));
      try {
        await fs.mkdir(path);
      } catch (error) {
        throw asStorageError(error, `opening the state of ${owner} in ${path}`);
      }
      return new DirectoryStorage(fs, path, trouble);
    },
  };
}

class DirectoryStorage implements Storage {
  private readonly fs: FileSystem;
  private readonly directory: string;
  private readonly trouble: StateStoreOptions['trouble'];
  private readonly values = new Map<string, StoredValue>();

  constructor(fs: FileSystem, directory: string, trouble: StateStoreOptions['trouble']) {
    this.fs = fs;
    this.directory = directory;
    this.trouble = trouble;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.value(key).get();
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    if (value.length > maxValueBytes) {
      const message = `the value of '${key}' in ${this.directory} has ${value.length} bytes; the limit is ${maxValueBytes}`;
      throw new StorageError('too_large', message);
    }
    await this.value(key).put(value.slice());
  }

  async delete(key: string): Promise<void> {
    await this.value(key).put(undefined);
  }

  private value(key: string): StoredValue {
    let value = this.values.get(key);
    if (value === undefined) {
      value = new StoredValue(this.fs, join(this.directory, `${fileNameOf(key)}.value`), this.trouble);
      this.values.set(key, value);
    }
    return value;
  }
}

/** One value. Operations take their turn; of several values that wait, only the last is written. */
class StoredValue {
  private readonly path: string;
  private readonly file: AtomicFile;
  private readonly trouble: StateStoreOptions['trouble'];
  private turn: Promise<unknown> = Promise.resolve();
  private next: { readonly value: Uint8Array | undefined; readonly done: Promise<void> } | undefined;
  private loaded = false;
  private known: Uint8Array | undefined;

  constructor(fs: FileSystem, path: string, trouble: StateStoreOptions['trouble']) {
    this.path = path;
    this.file = new AtomicFile(fs, path);
    this.trouble = trouble;
  }

  get(): Promise<Uint8Array | undefined> {
    return this.inTurn(async () => {
      await this.load();
      return this.known?.slice();
    });
  }

  /** Undefined deletes. */
  put(value: Uint8Array | undefined): Promise<void> {
    if (this.next !== undefined) {
      this.next = { value, done: this.next.done };
      return this.next.done;
    }
    const done = this.inTurn(() => this.store());
    this.next = { value, done };
    return done;
  }

  private async store(): Promise<void> {
    const value = this.next?.value;
    this.next = undefined;
    await this.load();
    if (value === undefined) await this.file.remove();
    else await this.file.write(value);
    this.known = value;
  }

  private async load(): Promise<void> {
    if (this.loaded) return;
    const { value, damaged } = await this.file.read();
    this.known = value;
    this.loaded = true;
    if (!damaged) return;
    this.trouble?.(
      new StorageError('io', `${this.path}: a copy is damaged; using ${value === undefined ? 'none' : 'the other'}`),
    );
  }

  private inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.turn.then(operation).catch((error: unknown) => {
      throw asStorageError(error, this.path);
    });
    this.turn = result.catch(() => undefined);
    return result;
  }
}
