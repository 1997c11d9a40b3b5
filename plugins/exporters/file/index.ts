import {
  asDeliveryError,
  defineExporter,
  PermanentError,
  RetryableError,
  type Context,
  type Timer,
} from 'sluice/plugin';
import { config, type Config } from './config.ts';
import { groupedFiles, singleFile, type Target } from './targets.ts';

export default defineExporter({
  type: 'file',
  summary: 'Writes to files on disk, as OTLP/JSON lines or OTLP/protobuf, with rotation and compression.',
  stability: 'stable',
  config,
  signals: ['logs', 'traces', 'metrics'],
  delivery: 'direct',
  async start(config, context) {
    const target = config.group_by.enabled ? groupedFiles(config, context) : await opened(config, context);
    const inTurn = turns();
    const flusher = flushing(target, config.flush_interval, context, inTurn);
    let stopped: Promise<void> | undefined;
    return {
      send: (batch, { signal }) =>
        inTurn(async () => {
          if (stopped !== undefined || signal.aborted)
            throw new RetryableError('not written: the exporter stops, or the time is over');
          const sent = await target.write(batch).catch((error: unknown) => {
            throw error instanceof PermanentError ? error : cannotWrite(config.path, error);
          });
          await flusher.written();
          return sent;
        }),
      stop: () =>
        (stopped ??= inTurn(async () => {
          flusher.cancel();
          await target.close();
        })),
    };
  },
});

async function opened(config: Config, context: Context): Promise<Target> {
  try {
    return await singleFile(config, context);
  } catch (error) {
    const missing =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? '; create_directory: true creates its directory' : '';
    throw new Error(`cannot open ${config.path}: ${asDeliveryError(error).message}${missing}`, { cause: error });
  }
}

function cannotWrite(path: string, error: unknown): RetryableError {
  return new RetryableError(`cannot write ${path}: ${asDeliveryError(error).message}`, { cause: error });
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs what it is given one after the other. */
function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}

/** Forces written data to disk, at most an interval after it was written. */
function flushing(target: Target, intervalMs: number, context: Context, inTurn: InTurn) {
  let timer: Timer | undefined;
  let failing = false;
  const flush = async (): Promise<void> => {
    timer = undefined;
    try {
      await target.sync();
      if (failing) context.report('ok');
      failing = false;
    } catch (error) {
      failing = true;
      context.logger.error({ err: error }, 'could not force written data to disk');
      context.report('recoverable_error', `could not force written data to disk: ${asDeliveryError(error).message}`);
    }
  };
  return {
    async written(): Promise<void> {
      if (intervalMs === 0) await target.sync();
      else timer ??= context.clock.after(intervalMs, () => void inTurn(flush));
    },
    cancel(): void {
      timer?.cancel();
    },
  };
}
