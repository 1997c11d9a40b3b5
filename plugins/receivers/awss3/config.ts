import { byteSize, isTimezone, z } from 'sluice/plugin';
import { partitionFormat } from './partition-format.ts';
import { parseTime } from './time.ts';

const MiB = 1024 * 1024;

function time() {
  return z.string().transform((value, context) => {
    const ms = parseTime(value);
    if (ms !== undefined) return ms;
    context.addIssue({
      code: 'custom',
      message: 'expected a time such as 2026-01-31T15:00:00Z, "2026-01-31 15:00" or 2026-01-31',
      input: value,
    });
    return z.NEVER;
  });
}

const downloader = z.strictObject({
  region: z.string().min(1).default('us-east-1').describe('AWS region of the bucket.'),
  s3_bucket: z.string().min(3, 'the bucket is required').describe('Bucket to read from.'),
  s3_prefix: z
    .string()
    .default('')
    .describe(
      'What stands before the partition in each key: the `s3_base_prefix` and the `s3_prefix` of the exporter.',
    ),
  s3_partition: z
    .enum(['minute', 'hour'])
    .default('minute')
    .describe('Length of time of a partition. Without `s3_partition_format`, it also decides the format.'),
  s3_partition_format: partitionFormat()
    .optional()
    .describe('How a partition is named, as in the exporter: year=%Y/month=%m/day=%d/hour=%H/minute=%M.'),
  s3_partition_timezone: z
    .string()
    .default('local')
    .refine(isTimezone, 'expected local, utc or the name of a time zone such as Europe/Berlin')
    .describe('Time zone in which partitions are named: `local`, `utc` or a name such as `Europe/Berlin`.'),
  file_prefix: z.string().default('').describe('What the name of each file begins with.'),
  file_prefix_include_telemetry_type: z
    .boolean()
    .default(true)
    .describe(
      'Whether `logs_`, `traces_` or `metrics_` follows in the name. Without it, the receiver takes one signal.',
    ),
  endpoint: z.string().min(1).optional().describe('Address of another S3 than that of AWS: `https://host:port`.'),
  endpoint_partition_id: z
    .string()
    .default('aws')
    .describe('Partition of AWS to which `endpoint` belongs. Accepted and not used: the address says enough.'),
  s3_force_path_style: z
    .boolean()
    .default(false)
    .describe('Put the bucket into the path instead of the host name, as most servers other than AWS want it.'),
});

export const config = z
  .strictObject({
    starttime: time().describe(
      'First moment to replay. Partitions are replayed whole, whatever the times of their records. Without a time zone it is UTC.',
    ),
    endtime: time().describe('Moment before which the last partition begins. Without a time zone it is UTC.'),
    s3downloader: downloader.describe('Where objects are read.'),
    storage: z
      .string()
      .optional()
      .describe('Storage extension that keeps how far the replay has come; without one, a restart begins anew.'),
    max_request_size: byteSize()
      .default(64 * MiB)
      .refine((size) => size > 0, 'expected more than 0')
      .describe(
        'Largest single resource, or request that cannot be cut, in an object, decompressed. It is held in memory.',
      ),
    max_object_size: byteSize()
      .default(16 * 1024 * MiB)
      .refine((size) => size > 0, 'expected more than 0')
      .describe('Most decompressed bytes of one object. What is beyond is left out, and the object named as damaged.'),
  })
  .superRefine(({ starttime, endtime }, context) => {
    if (endtime <= starttime)
      context.addIssue({
        code: 'custom',
        path: ['endtime'],
        message: 'endtime has to be after starttime',
        input: endtime,
      });
  });

export type Config = z.output<typeof config>;
export type Downloader = Config['s3downloader'];
