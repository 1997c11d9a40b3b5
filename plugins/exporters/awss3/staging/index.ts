import { join } from 'node:path';
import { lockDirectory, type Context } from 'sluice/plugin';
import type { StagingConfig } from '../config.ts';
import { asAnswer } from '../store/answer.ts';
import { ObjectSizes } from './object-sizes.ts';
import { recover } from './recovery.ts';
import { Stage, type Piece } from './stage.ts';
import { uploadStaged, type StageUploadOptions } from './stage-upload.ts';
import { Uploads } from './uploads.ts';

export interface Staging {
  /** Resolves when the records are safe on disk. */
  add(piece: Piece): Promise<void>;
  stop(deadline: number): Promise<void>;
}

/** Takes the directory, and goes on with what an earlier run left in it. */
export async function openStaging(options: Omit<StageUploadOptions, 'sizes'>, config: StagingConfig): Promise<Staging> {
  const { context } = options;
  const { clock, logger } = context;
  const directory = join(config.directory, encodeURIComponent(context.id));
  const lock = await lockDirectory(directory);
  const sizes = new ObjectSizes();
  const uploads = new Uploads({
    concurrency: config.concurrency,
    clock,
    async upload(file, signal) {
      await uploadStaged({ ...options, sizes }, file, signal).catch((error: unknown) => {
        throw asAnswer(error, signal);
      });
      stage.released(file.size);
      show();
    },
    failed({ path }, error, waitMs) {
      logger.warn({ path, error: error.message, waitMs: Math.round(waitMs) }, 'upload failed; will try again');
      context.report('recoverable_error', error.message);
    },
    recovered: () => context.report('ok'),
  });
  const stage = new Stage({
    directory,
    config,
    clock,
    sizes,
    ready: (file) => uploads.push(file),
    uploading: () => uploads.count > 0,
    trouble: (error, path) => logger.error({ err: error, path }, 'trouble with a staged file'),
  });
  const show = gauges(context, stage, uploads);
  const { files, aside } = await recover(directory).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  for (const { path, count } of aside) {
    logger.error({ path, count }, 'a staged file does not say where it belongs; it was put aside');
    context.dropped(count, 'logs', 'stage_damaged');
  }
  for (const file of files) {
    stage.bytes += file.size;
    uploads.push(file);
  }
  if (files.length > 0) logger.info({ files: files.length, bytes: stage.bytes }, 'uploading what was staged before');
  let stopped: Promise<void> | undefined;
  return {
    async add(piece) {
      await stage.add(piece);
      show();
    },
    stop: (deadline) =>
      (stopped ??= (async () => {
        await stage.stop(config.flush_on_stop);
        if (config.flush_on_stop) await uploads.idle(deadline);
        await uploads.stop(deadline);
        await lock.release();
      })()),
  };
}

/** Shows what is staged; call it after a change. */
function gauges({ metrics }: Context, stage: Stage, uploads: Uploads): () => void {
  const bytes = metrics.gauge('awss3_staged_bytes', { description: 'What is staged on disk.', unit: 'By' });
  const files = metrics.gauge('awss3_uploads_waiting', { description: 'Objects that wait for their upload.' });
  return () => {
    bytes.set(stage.bytes);
    files.set(uploads.count);
  };
}
