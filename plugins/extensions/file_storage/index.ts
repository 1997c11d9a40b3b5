import { mkdir, stat } from 'node:fs/promises';
import { defineExtension, duration, z } from 'sluice/plugin';

const config = z.strictObject({
  directory: z
    .string()
    .default('/var/lib/otelcol/file_storage')
    .describe('Folder for queues and state. One process at a time may use it.'),
  create_directory: z.boolean().default(true).describe('Make the folder where there is none.'),
  directory_permissions: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'expected an octal mode such as 0700')
    .default('0700')
    .describe('Permissions of a folder that is made.'),
  fsync: z
    .boolean()
    .default(true)
    .describe('Data is always synced to disk before its sender has an OK; this cannot be switched off.')
    .meta({ ignored: true }),
  timeout: duration().default(1000).describe('Taken for compatibility.').meta({ ignored: true }),
  recreate: z
    .boolean()
    .default(false)
    .describe('Taken for compatibility: a damaged record costs that record only.')
    .meta({ ignored: true }),
  compaction: z
    .looseObject({})
    .optional()
    .describe('Taken for compatibility: files are deleted as they are consumed.')
    .meta({ ignored: true }),
});

export default defineExtension({
  type: 'file_storage',
  summary: 'Keeps queues and the state of components on disk, so that they survive crashes and restarts.',
  stability: 'beta',
  config,
  async start({ directory, create_directory, directory_permissions }, context) {
    if (create_directory) await mkdir(directory, { recursive: true, mode: Number.parseInt(directory_permissions, 8) });
    if (!(await stat(directory)).isDirectory()) throw new Error(`${directory} is no folder`);
    const { provider, release } = await context.storageIn(directory);
    return { provides: { storage: provider }, stop: release };
  },
});
