import { duration, z } from 'sluice/plugin';

const rotation = z.strictObject({
  max_megabytes: z.number().int().positive().default(100).describe('Size at which a file is put aside, in MiB.'),
  max_days: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('Delete files put aside longer ago than this many days; 0 keeps them.'),
  max_backups: z.number().int().nonnegative().default(100).describe('How many files put aside are kept; 0 keeps all.'),
  localtime: z.boolean().default(false).describe('Name files put aside by local time instead of UTC.'),
});

const groupBy = z.strictObject({
  enabled: z.boolean().default(false).describe('Write to several files, by a resource attribute.'),
  resource_attribute: z
    .string()
    .min(1)
    .default('fileexporter.path_segment')
    .describe('Resource attribute whose value takes the place of `*` in `path`.'),
  max_open_files: z
    .number()
    .int()
    .positive()
    .default(100)
    .describe('Most files open at a time; the one that rested longest is closed for another.'),
});

const permissions = z
  .string()
  .regex(/^0?[0-7]{3}$/, 'expected an octal file mode such as "0755"')
  .describe('Mode of directories that are created, octal; needs `create_directory`. 0755 where it is left out.');

export const config = z
  .strictObject({
    path: z
      .string()
      .min(1, 'path must be non-empty')
      .describe('File to write. With `group_by`, one `*` in it stands for the attribute.'),
    format: z
      .enum(['json', 'proto'])
      .default('json')
      .describe('OTLP/JSON, one request a line, or OTLP/protobuf, each request after its length.'),
    append: z
      .boolean()
      .default(false)
      .describe(
        'Add to the file that is there; off: begin it anew at the start. Rotated and grouped files are always added to.',
      ),
    compression: z
      .enum(['zstd', 'none', ''])
      .default('')
      .describe('Compress each request by itself; it then stands after its length, in JSON too.'),
    flush_interval: duration()
      .default(1000)
      .describe(
        'How often what was written is forced to disk. It reached the operating system before its OK; 0 forces it to disk before that, too.',
      ),
    rotation: rotation
      .nullish()
      .describe('Put the file aside when it is large; its presence turns it on. Not used with `group_by`.'),
    group_by: groupBy.prefault({}).describe('Several files, by a resource attribute.'),
    create_directory: z.boolean().default(false).describe('Create the directory of `path` where it is missing.'),
    directory_permissions: permissions.optional(),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: value });
    if (value.directory_permissions !== undefined && !value.create_directory && !value.group_by.enabled) {
      refuse('directory_permissions', 'directory_permissions requires create_directory to be true');
    }
    if (!value.group_by.enabled) return;
    if (value.path.split('*').length !== 2) refuse('path', 'path must contain exactly one * when group_by is enabled');
    if (value.path.startsWith('*')) refuse('path', 'path must not start with * when group_by is enabled');
  });

export type Config = z.output<typeof config>;
export type Rotation = z.output<typeof rotation>;

/** The rotation that is asked for; `rotation:` with nothing below it asks for the defaults. */
export function rotationOf(config: Config): Rotation | undefined {
  return config.rotation === null ? rotation.parse({}) : config.rotation;
}

/** The mode of directories that are created. */
export function directoryMode(config: Config): number {
  return Number.parseInt(config.directory_permissions ?? '0755', 8);
}
