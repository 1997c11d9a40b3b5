import { byteSize, duration, isTimezone, template, z } from 'sluice/plugin';
import { formatNames } from './formats/index.ts';
import { parquetOptions } from './parquet/options.ts';

const MiB = 1024 * 1024;

const uploader = z
  .strictObject({
    region: z.string().min(1).default('us-east-1').describe('AWS region of the bucket.'),
    s3_bucket: z.string().min(3, 'the bucket is required').describe('Bucket to write to.'),
    s3_base_prefix: template()
      .prefault('')
      .describe('What every key begins with; may hold attributes, as `s3_prefix` may.'),
    s3_prefix: template()
      .prefault('')
      .describe(
        'What follows in the key: `{service.name}` is an attribute, `{resource:x}` one of the resource only, `{x|none}` has a fallback; `unknown` stands where there is neither.',
      ),
    s3_partition_format: template()
      .prefault('year=%Y/month=%m/day=%d/hour=%H/minute=%M')
      .describe('Next part of the key, made of parts of a time, and of attributes where wanted.'),
    s3_partition_timezone: z
      .string()
      .default('local')
      .refine(isTimezone, 'expected local, utc or the name of a time zone such as Europe/Berlin')
      .describe('Time zone of the parts of a time: `local`, `utc` or a name such as `Europe/Berlin`.'),
    partition_time: z
      .enum(['upload', 'event'])
      .default('upload')
      .describe(
        'Which time the key has: that of writing, as in the Collector, or that of each record. With `event`, senders decide how many objects there are, so it has to be chosen.',
      ),
    file_prefix: template().prefault('').describe('What the name of each file begins with; may hold attributes.'),
    role_arn: z.string().min(1).optional().describe('Role to take on by STS before writing.'),
    endpoint: z.string().min(1).optional().describe('Address of another S3 than that of AWS: `https://host:port`.'),
    storage_class: z.string().min(1).default('STANDARD').describe('Storage class of the objects.'),
    acl: z
      .enum([
        'private',
        'public-read',
        'public-read-write',
        'authenticated-read',
        'aws-exec-read',
        'bucket-owner-read',
        'bucket-owner-full-control',
      ])
      .optional()
      .describe('Canned access rules of the objects.'),
    server_side_encryption: z
      .enum(['AES256', 'aws:kms', 'aws:kms:dsse'])
      .optional()
      .describe('Encryption by the server; that of the bucket where it is left out.'),
    sse_kms_key_id: z.string().min(1).optional().describe('Key of KMS for the encryption.'),
    s3_force_path_style: z
      .boolean()
      .default(false)
      .describe('Put the bucket into the path instead of the host name, as most servers other than AWS want it.'),
    disable_ssl: z.boolean().default(false).describe('Use plain HTTP.'),
    compression: z.enum(['none', 'gzip', 'zstd', '']).default('none').describe('How objects are compressed.'),
    compression_level: z
      .number()
      .int()
      .min(1)
      .max(22)
      .optional()
      .describe('Level of the compression: 1 to 9 for gzip (6), 1 to 22 for zstd (3).'),
    part_size: byteSize()
      .default(8 * MiB)
      .refine((size) => size >= 5 * MiB && size <= 512 * MiB, 'expected 5MiB to 512MiB')
      .describe('Objects larger than this are sent in parts of this size; two parts are held in memory.'),
    retry_mode: z
      .enum(['standard', 'adaptive', 'nop'])
      .default('standard')
      .describe('How the client tries a request again before the exporter does; `nop` is not at all.'),
    retry_max_attempts: z.number().int().nonnegative().default(3).describe('Most attempts of the client per request.'),
    retry_max_backoff: duration()
      .default(20_000)
      .describe('Longest wait of the client between attempts, in the mode `standard`.'),
    unique_key_func_name: z
      .enum(['uuidv7', ''])
      .default('uuidv7')
      .describe('How names become unique; they always are, by a UUID that begins with the time.'),
    abort_uploads_after: duration()
      .default(86_400_000)
      .describe(
        'Uploads in parts that this exporter began and nobody finished are removed when this old; 0 keeps them.',
      ),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: value });
    if (value.compression === 'gzip' && (value.compression_level ?? 0) > 9)
      refuse('compression_level', 'gzip has levels from 1 to 9');
    if (value.compression_level !== undefined && ['none', ''].includes(value.compression))
      refuse('compression_level', 'compression_level needs compression');
    if (value.sse_kms_key_id !== undefined && !value.server_side_encryption?.startsWith('aws:kms'))
      refuse('sse_kms_key_id', 'sse_kms_key_id needs server_side_encryption: aws:kms');
  })
  .describe('Where and how objects are written.');

const staging = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .describe('Directory for records on their way; one process at a time. It should outlast the process.'),
    target_size: byteSize()
      .default(64 * MiB)
      .refine((size) => size > 0, 'expected more than 0')
      .describe('Size of an object, as it is stored, at which it is uploaded; estimated from the objects before it.'),
    max_age: duration()
      .default(300_000)
      .refine((ms) => ms > 0, 'expected more than 0')
      .describe('Longest time for which an object is collected.'),
    max_bytes: byteSize()
      .default(10 * 1024 * MiB)
      .refine((size) => size > 0, 'expected more than 0')
      .describe('Most that may wait in the directory; beyond it, senders are told to try again later.'),
    max_partitions: z
      .number()
      .int()
      .positive()
      .default(256)
      .describe('Most objects collected at the same time; beyond it, the oldest is uploaded early.'),
    concurrency: z.number().int().positive().default(2).describe('How many objects are uploaded at the same time.'),
    flush_on_stop: z
      .boolean()
      .default(false)
      .describe(
        'Upload everything when the service stops, as far as time allows; for a directory that does not outlast it.',
      ),
  })
  .optional()
  .describe(
    'Collect records on disk, safe from crashes, until an object has its size or age; its presence turns it on. Without it each batch becomes an object.',
  );

export const config = z
  .strictObject({
    s3uploader: uploader,
    marshaler: z
      .enum(formatNames)
      .default('otlp_json')
      .describe(
        'What stands in the objects: OTLP as JSON or protobuf, the bodies of logs line by line, one flat JSON object a line for each record, or Parquet.',
      ),
    parquet: parquetOptions.prefault({}).describe('How Parquet is written, where `marshaler` is `parquet`.'),
    resource_attrs_to_s3: z
      .strictObject({
        s3_bucket: z.string().default('').describe('Resource attribute that names the bucket, where it is there.'),
        s3_prefix: z
          .string()
          .default('')
          .describe('Resource attribute that stands for `s3_prefix`, where it is there.'),
      })
      .prefault({})
      .describe('Resource attributes that decide where records go.'),
    staging,
  })
  .superRefine(({ marshaler, s3uploader: { compression } }, context) => {
    if (marshaler !== 'parquet' || ['none', ''].includes(compression)) return;
    context.addIssue({
      code: 'custom',
      path: ['s3uploader', 'compression'],
      message: 'Parquet compresses inside: set `parquet: { codec: … }` in place of this',
      input: compression,
    });
  });

export type Config = z.output<typeof config>;
export type UploaderConfig = Config['s3uploader'];
export type StagingConfig = NonNullable<Config['staging']>;
