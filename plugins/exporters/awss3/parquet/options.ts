import { byteSize, z } from 'sluice/plugin';

/** Options of the `parquet` format. */
export const parquetOptions = z.strictObject({
  codec: z
    .enum(['zstd', 'snappy', 'none'])
    .default('zstd')
    .describe('Compression inside the file. `snappy` is for readers that know no zstd.'),
  level: z
    .number()
    .int()
    .min(1)
    .max(22)
    .default(1)
    .describe('Level of zstd. Of telemetry, 1 makes files as small as 3 does, and takes less CPU.'),
  attributes: z
    .enum(['json', 'map'])
    .default('json')
    .describe('Attributes as a JSON object in a text column, which keeps types, or as MAP of text to text.'),
  row_group_bytes: byteSize()
    .default(64 * 1024 * 1024)
    .describe(
      'A row group ends when its values have this size, before compression. Only its compressed pages are held.',
    ),
  row_group_rows: z.number().int().positive().default(100_000).describe('A row group ends at this many rows.'),
});

export type ParquetOptions = z.output<typeof parquetOptions>;
