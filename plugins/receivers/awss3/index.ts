import { defineReceiver, signals as allSignals, sleep } from 'sluice/plugin';
import { openBucket } from './bucket.ts';
import { config } from './config.ts';
import { PositionStore, taskOf } from './position.ts';
import { Replay } from './replay.ts';
import { Tally } from './tally.ts';

export default defineReceiver({
  type: 'awss3',
  summary: 'Replays a range of time of what the awss3 exporter wrote, OTLP as JSON or protobuf, and then ends.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  sharing: 'single',
  async start(config, context) {
    const signals = allSignals.filter((signal) => context.signals.has(signal));
    if (signals.length > 1 && !config.s3downloader.file_prefix_include_telemetry_type)
      throw new Error(`file_prefix_include_telemetry_type: false leaves open which objects are ${signals.join(', ')}`);
    const positions = new PositionStore(await context.storage(config.storage), taskOf(config, signals));
    const from = await positions.load();
    if (from === 'done') {
      context.logger.info({}, 'this range was replayed already; a change of the range begins anew');
      return;
    }
    if (from !== undefined) context.logger.info({ after: from.key }, 'going on where the replay ended');
    const bucket = await openBucket(config.s3downloader);
    const tally = new Tally(context);
    const replay = async (): Promise<void> => {
      try {
        await new Replay(config, context, bucket, tally, positions).run(signals, from);
        await positions.save('done');
        context.logger.info({ ...tally.counts }, 'replay complete');
      } catch (error) {
        if (context.signal.aborted)
          context.logger.info({ ...tally.counts }, 'replay interrupted; it goes on at the next start');
        else {
          context.logger.error({ err: error }, 'replay failed');
          context.report('permanent_error', `replay failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      } finally {
        bucket.close();
      }
    };
    const running = replay();
    return async (deadline) => {
      await Promise.race([running, sleep(context.clock, deadline - context.clock.now())]);
    };
  },
});
