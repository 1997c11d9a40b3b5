import { defineExporter, PermanentError } from 'sluice/plugin';
import { compressionOf } from './compress.ts';
import { config } from './config.ts';
import { sweepDangling } from './dangling.ts';
import { createFormat, unfit } from './formats/index.ts';
import { Layout } from './keys/layout.ts';
import { Placement } from './placement.ts';
import { Plans } from './plans.ts';
import { openS3 } from './store/s3-store.ts';
import { targetOf, type TargetOptions } from './targets.ts';

export default defineExporter({
  type: 'awss3',
  summary:
    'Writes objects to S3 and what speaks its language: OTLP, JSON lines, bodies or Parquet, compressed, of a wanted size.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  timeout: '30s',
  async start(config, context) {
    const { s3uploader } = config;
    const format = await createFormat(config.marshaler, config);
    const compression = compressionOf(
      format.compressible ? s3uploader.compression : 'none',
      s3uploader.compression_level,
    );
    const extension = `.${format.extension}${compression.suffix}`;
    const layout = new Layout(config);
    const store = await openS3(s3uploader);
    const buckets = new Set([s3uploader.s3_bucket]);
    const objects = context.metrics.counter('awss3_objects', { description: 'Objects that were written.' });
    const bytes = context.metrics.counter('awss3_object_bytes', { description: 'Bytes of objects.', unit: 'By' });
    const options: TargetOptions = {
      context,
      plans: new Plans(new Placement(config, layout)),
      encoding: { format, compression },
      uploads: {
        store,
        partSize: s3uploader.part_size,
        leftBehind: (uploadId, error) =>
          context.logger.warn(
            { uploadId, err: error },
            'could not remove a failed upload; it is tried again by its age',
          ),
      },
      headOf: (bucket, key) => ({
        bucket,
        key: key + extension,
        contentType: format.contentType,
        contentEncoding: compression.encoding,
      }),
      written(size) {
        objects.add(1);
        bytes.add(size);
      },
    };
    const target = await targetOf(options, config.staging).catch((error: unknown) => {
      store.close();
      throw error;
    });
    const endSweep =
      s3uploader.abort_uploads_after === 0
        ? undefined
        : sweepDangling({
            store,
            context,
            buckets,
            prefix: layout.literalPrefix,
            extension,
            age: s3uploader.abort_uploads_after,
          });
    return {
      async send(batch, { signal }) {
        const reason = unfit(config.marshaler, batch.signal);
        if (reason !== undefined) throw new PermanentError(reason);
        if (batch.count > 0) await target.send(batch, signal);
      },
      async stop(deadline) {
        await endSweep?.();
        await target.stop(deadline);
        store.close();
      },
    };
  },
});
