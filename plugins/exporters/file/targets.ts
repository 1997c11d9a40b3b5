import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { groupByResourceAttribute, PermanentError, type Batch, type Context, type Sent } from 'sluice/plugin';
import { AppendFile } from './append-file.ts';
import { directoryMode, rotationOf, type Config } from './config.ts';
import { openConfined } from './confined.ts';
import { groupPath } from './group-path.ts';
import { messageOf } from './message.ts';
import { OpenFiles } from './open-files.ts';
import { RotatingFile } from './rotating-file.ts';

/** Where batches are written. One call at a time. */
export interface Target {
  write(batch: Batch): Promise<Sent | void>;
  /** Forces to disk what was written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** One file for everything. It is opened here, so that a wrong path shows at the start. */
export async function singleFile(config: Config, context: Context): Promise<Target> {
  if (config.create_directory) await mkdir(dirname(config.path), { recursive: true, mode: directoryMode(config) });
  const rotation = rotationOf(config);
  const file =
    rotation === undefined
      ? await AppendFile.open(config.path, { truncate: !config.append })
      : new RotatingFile(config.path, rotation, context);
  if (file instanceof RotatingFile) await file.open();
  return {
    write: async (batch) => await file.append(await messageOf(batch, config)),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** A file for each value of a resource attribute. Resources without a usable value are refused. */
export function groupedFiles(config: Config, context: Context): Target {
  const { resource_attribute: attribute, max_open_files } = config.group_by;
  const files = new OpenFiles(max_open_files, context.logger);
  const writeGroup = async (value: string | undefined, batch: Batch): Promise<void> => {
    if (value === undefined) throw new PermanentError(`resource has no attribute ${attribute}`);
    const path = groupPath(config.path, value);
    if (path === undefined)
      throw new PermanentError(`attribute ${attribute} is no usable path: ${JSON.stringify(value.slice(0, 100))}`);
    const file = await files.get([path.base, ...path.names].join('/'), () => openConfined(path, directoryMode(config)));
    await file.append(await messageOf(batch, config));
  };
  return {
    async write(batch) {
      const refusals: { readonly count: number; readonly error: PermanentError }[] = [];
      for (const [value, part] of groupByResourceAttribute(batch, attribute)) {
        try {
          await writeGroup(value, part);
        } catch (error) {
          if (!(error instanceof PermanentError)) throw error;
          refusals.push({ count: part.count, error });
        }
      }
      return outcome(batch, refusals);
    },
    sync: () => files.sync(),
    close: () => files.close(),
  };
}

function outcome(
  batch: Batch,
  refusals: readonly { readonly count: number; readonly error: PermanentError }[],
): Sent | undefined {
  const [first] = refusals;
  if (first === undefined) return undefined;
  const rejected = refusals.reduce((sum, { count }) => sum + count, 0);
  if (rejected === batch.count) throw first.error;
  return { rejected, message: [...new Set(refusals.map(({ error }) => error.message))].join('; ') };
}
