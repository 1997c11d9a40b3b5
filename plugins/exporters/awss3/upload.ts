import type { ObjectHead, ObjectStore } from './store/object-store.ts';

/** Longest time for removing what a failed upload left. */
const cleanupMs = 15_000;

export interface UploadOptions {
  readonly store: ObjectStore;
  readonly partSize: number;
  readonly signal: AbortSignal;
  /** Hears of an upload that failed and could not be removed either. */
  readonly leftBehind: (uploadId: string, error: unknown) => void;
}

/**
 * Writes an object and gives its size. Up to the size of a part it is one request, beyond it an upload in parts, of which one is
 * sent while the next is collected. When it throws, nothing of it is left, or `leftBehind` was told.
 */
export async function upload(
  options: UploadOptions,
  head: ObjectHead,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const { store, partSize, signal } = options;
  let parts: Parts | undefined;
  let size = 0;
  try {
    for await (const { part, last } of cut(bytes, partSize)) {
      signal.throwIfAborted();
      size += part.length;
      if (last && parts === undefined) {
        await store.put(head, part, signal);
        return size;
      }
      parts ??= new Parts(options, head, await store.begin(head, signal));
      await parts.send(part);
    }
    await parts?.complete();
    return size;
  } catch (error) {
    await parts?.abort();
    throw error;
  }
}

/** An upload in parts. */
class Parts {
  private readonly options: UploadOptions;
  private readonly head: ObjectHead;
  private readonly id: string;
  private readonly tags: string[] = [];
  private sending: Promise<void> = Promise.resolve();

  constructor(options: UploadOptions, head: ObjectHead, id: string) {
    this.options = options;
    this.head = head;
    this.id = id;
  }

  /** Resolves when the part before is there; this one is then under way. */
  async send(part: Uint8Array): Promise<void> {
    await this.sending;
    const { store, signal } = this.options;
    const number = this.tags.length + 1;
    this.tags.push('');
    this.sending = store.part(this.head, this.id, number, part, signal).then((tag) => {
      this.tags[number - 1] = tag;
    });
    // Whoever waits for it hears of it; until then it is nobody's.
    this.sending.catch(() => {});
  }

  async complete(): Promise<void> {
    await this.sending;
    const { store, signal } = this.options;
    await store.complete(this.head, this.id, this.tags, signal);
  }

  async abort(): Promise<void> {
    await this.sending.catch(() => {});
    try {
      await this.options.store.abort(this.head, this.id, AbortSignal.timeout(cleanupMs));
    } catch (error) {
      this.options.leftBehind(this.id, error);
    }
  }
}

/** Cuts bytes into parts of one size, the last of which may be smaller. There is at least one. */
async function* cut(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly part: Uint8Array; readonly last: boolean }> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    while (length > size) {
      const all = Buffer.concat(chunks, length);
      yield { part: all.subarray(0, size), last: false };
      chunks = [all.subarray(size)];
      length -= size;
    }
  }
  yield { part: Buffer.concat(chunks, length), last: true };
}
