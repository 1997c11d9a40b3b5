import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asDeliveryError, syncDirectory, type Batch, type Context } from 'sluice/plugin';
import { objectBytes, type Encoding } from '../object-bytes.ts';
import type { ObjectHead } from '../store/object-store.ts';
import { upload, type UploadOptions } from '../upload.ts';
import type { ObjectSizes } from './object-sizes.ts';
import { keepDamaged } from './quarantine.ts';
import type { ReadyFile } from './ready-file.ts';
import { StageReader, type Damage } from './stage-reader.ts';

export interface StageUploadOptions {
  readonly context: Context;
  readonly encoding: Encoding;
  readonly uploads: Omit<UploadOptions, 'signal'>;
  readonly headOf: (bucket: string, key: string) => ObjectHead;
  readonly sizes: ObjectSizes;
  readonly written: (bytes: number) => void;
}

/** Makes an object of a stage file, and removes the file when the object is there. */
export async function uploadStaged(options: StageUploadOptions, file: ReadyFile, signal: AbortSignal): Promise<void> {
  const { context, encoding, uploads, headOf, sizes, written } = options;
  const { header, path, salt, limit } = file;
  const head = headOf(header.bucket, header.key);
  if (limit === undefined) await removeUnfinished(options, head, signal);
  const reader = await StageReader.open(path, salt, limit);
  try {
    const batches = reader.batches(header.signal, (damage) => keep(options, file, damage));
    const first = await batches.next();
    if (first.done !== true) {
      const bytes = objectBytes(encoding, header.signal, from(first.value, batches));
      const size = await upload({ ...uploads, signal }, head, bytes);
      sizes.learn(header.signal, file.size, size);
      written(size);
    }
  } finally {
    await reader.close();
  }
  try {
    await unlink(path);
    await syncDirectory(dirname(path));
  } catch (error) {
    // It is uploaded once more after the next start, under the same key.
    context.logger.error({ path, err: error }, 'could not remove a staged file that was uploaded');
  }
}

async function* from(first: Batch, rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield first;
  yield* rest;
}

/** What an upload of the same object left when the process died in the middle of it. */
async function removeUnfinished({ uploads, context }: StageUploadOptions, head: ObjectHead, signal: AbortSignal) {
  const { store } = uploads;
  try {
    for await (const { key, uploadId } of store.unfinished(head.bucket, head.key, signal))
      if (key === head.key) await store.abort(head, uploadId, signal);
  } catch (error) {
    // Not everybody may list uploads; they are looked for again later, by their age.
    context.logger.debug({ key: head.key, error: asDeliveryError(error).message }, 'could not look for old uploads');
  }
}

async function keep({ context }: StageUploadOptions, file: ReadyFile, damage: Damage): Promise<void> {
  if (file.damages.has(damage.start)) return;
  const { path, header } = file;
  const kept = await keepDamaged(path, damage, dirname(path));
  file.damages.add(damage.start);
  context.logger.error({ path, ...damage, kept }, 'staged records are damaged; the others are delivered');
  context.dropped(damage.count ?? 1, header.signal, 'stage_damaged');
}
