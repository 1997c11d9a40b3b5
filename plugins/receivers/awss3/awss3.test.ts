import { gzipSync, zstdCompressSync } from 'node:zlib';
import { decode, PermanentError, RetryableError, wireToJson, type Batch } from 'sluice/plugin';
import {
  conformance,
  logsBatch,
  metricsBatch,
  runReceiver,
  spansBatch,
  testContext,
  type ReceiverRun,
} from 'sluice/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pieceBytes } from './decode.ts';
import receiver from './index.ts';
import { refuse, S3Server } from './test-data/s3-server.ts';

let s3: S3Server;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  s3 = await S3Server.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.stop();
});

function config(options: object = {}): object {
  return {
    starttime: '2026-01-31 15:00',
    endtime: '2026-01-31 15:03',
    s3downloader: {
      s3_bucket: 'bucket',
      s3_prefix: 'app',
      s3_partition_timezone: 'utc',
      endpoint: s3.url,
      s3_force_path_style: true,
    },
    ...options,
  };
}

const keyOf = (minute: number, name: string): string =>
  `app/year=2026/month=01/day=31/hour=15/minute=0${minute}/${name}`;
const logs = (...bodies: string[]): Batch => logsBatch(bodies.map((body) => ({ body })));
const json = ({ signal, bytes }: Batch): Uint8Array => wireToJson(signal, bytes);

function bodiesOf(batches: readonly Batch[]): unknown[] {
  return batches.flatMap((batch) =>
    decode(batch as Batch<'logs'>).resources.flatMap(({ scopes }) =>
      scopes.flatMap(({ records }) => records.map(({ body }) => body)),
    ),
  );
}

/** Lets time pass until it holds. */
async function until(run: ReceiverRun, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) {
    await run.context.clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(holds()).toBe(true);
}

const said = (run: ReceiverRun, text: string): boolean =>
  run.context.logs.some(({ message }) => message.includes(text));
const complete = (run: ReceiverRun): Promise<void> => until(run, () => said(run, 'replay complete'));

describe('the awss3 receiver', () => {
  it('replays all signals, formats and compressions of the range, and nothing else', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json'), json(logs('a')));
    s3.objects.set(
      keyOf(0, 'logs_2.json.gz'),
      gzipSync(Buffer.concat([json(logs('b')), Buffer.from('\n'), json(logs('c'))])),
    );
    s3.objects.set(keyOf(0, 'logs_3.binpb.zst'), zstdCompressSync(Buffer.concat([logs('d').bytes, logs('e').bytes])));
    s3.objects.set(keyOf(1, 'metrics_1.binpb'), metricsBatch([{ name: 'm', value: 1n }]).bytes);
    s3.objects.set(keyOf(2, 'traces_1.json'), json(spansBatch([{ name: 's' }])));
    s3.objects.set(keyOf(2, 'other_1.json'), json(logs('not of a signal')));
    s3.objects.set(keyOf(3, 'logs_4.json'), json(logs('too late')));
    const run = await runReceiver(receiver, config());
    await complete(run);
    const of = (signal: string): Batch[] => run.emitted.filter((batch) => batch.signal === signal);
    expect(bodiesOf(of('logs'))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([of('metrics').length, of('traces').length]).toEqual([1, 1]);
    expect(of('logs')[0]?.meta.peer).toBe(`s3://bucket/${keyOf(0, 'logs_1.json')}`);
    expect(run.context.logs.at(-1)).toMatchObject({ fields: { objects: 5, failed: 0, delivered: 7, refused: 0 } });
    expect(run.context.reports).toEqual([]);
    await run.stop();
  });

  it('reads many pages, in order, for its own signals only', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `line ${i}`);
    for (const [i, name] of names.entries()) s3.objects.set(keyOf(1, `logs_${i}.json`), json(logs(name)));
    s3.objects.set(keyOf(1, 'traces_1.json'), json(spansBatch([{}])));
    const run = await runReceiver(receiver, config(), { signals: new Set(['logs'] as const) });
    await complete(run);
    expect(bodiesOf(run.emitted)).toEqual(names);
    expect(s3.gets).toHaveLength(7);
  });

  it('names and counts what it cannot replay, and goes on', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json.gz'), gzipSync(json(logs('lost'))).subarray(0, -12));
    s3.objects.set(keyOf(0, 'logs_2.ndjson'), Buffer.from('{}'));
    s3.objects.set(
      keyOf(0, 'logs_3.json'),
      Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":7}]}]}]}'),
    );
    s3.objects.set(keyOf(0, 'logs_4.binpb'), logs('cut').bytes.subarray(0, -1));
    s3.objects.set(keyOf(0, 'logs_5.json'), json(logs('vanishes')));
    s3.objects.set(keyOf(0, 'logs_6.json'), json(logs('archived')));
    s3.objects.set(keyOf(0, 'logs_7.json'), json(logs('whole')));
    s3.onGet = (key, response) => {
      if (key.endsWith('5.json')) return refuse(response, 404, 'NoSuchKey');
      return key.endsWith('6.json') && refuse(response, 403, 'InvalidObjectState');
    };
    const run = await runReceiver(receiver, config());
    await complete(run);
    expect(bodiesOf(run.emitted)).toEqual(['whole']);
    const named = run.context.logs.filter(({ level }) => level === 'error');
    expect(named.map(({ fields, message }) => [(fields as { key: string }).key, message])).toEqual([
      [expect.stringContaining('logs_1'), expect.stringContaining('damaged')],
      [expect.stringContaining('logs_2'), expect.stringContaining('only .json and .binpb')],
      [expect.stringContaining('logs_3'), expect.stringContaining('damaged')],
      [expect.stringContaining('logs_4'), expect.stringContaining('cut off')],
      [expect.stringContaining('logs_5'), expect.stringContaining('not there any more')],
      [expect.stringContaining('logs_6'), expect.stringContaining('archived')],
    ]);
    expect(run.context.measured.get('receiver_awss3_objects')).toBe(7);
  });

  it('keeps to the limit of an object', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json.gz'), gzipSync(Buffer.alloc(5_000_000, ' ')));
    s3.objects.set(keyOf(0, 'logs_2.json'), json(logs('x'.repeat(2000))));
    s3.objects.set(keyOf(0, 'logs_3.json'), json(logs('small')));
    const run = await runReceiver(receiver, config({ max_object_size: 1000 }));
    await complete(run);
    expect(bodiesOf(run.emitted)).toEqual(['small']);
    expect(said(run, 'max_object_size')).toBe(true);
  });
});

describe('when S3 fails, the awss3 receiver', () => {
  it('tries again until it works, and says so meanwhile', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json'), json(logs('a')));
    s3.onList = (_prefix, response, attempt) => attempt < 3 && refuse(response, 403, 'AccessDenied');
    s3.onGet = (_key, response, attempt) => attempt < 3 && refuse(response, 503, 'SlowDown');
    const run = await runReceiver(receiver, config());
    await complete(run);
    expect(bodiesOf(run.emitted)).toEqual(['a']);
    expect(run.context.reports.some(({ message }) => message?.includes('AccessDenied'))).toBe(true);
    expect(run.context.reports.some(({ message }) => message?.includes('SlowDown'))).toBe(true);
    expect(run.context.reports.at(-1)).toEqual({ status: 'ok' });
  });

  it('reads an object again where the connection broke, and sends nothing of it twice', async () => {
    const parts = Array.from({ length: 6 }, (_, i) => logs(`${i} ${'x'.repeat(pieceBytes / 2)}`));
    const whole = Buffer.concat(parts.map(({ bytes }) => bytes));
    s3.objects.set(keyOf(0, 'logs_1.binpb'), whole);
    s3.onGet = (_key, response, attempt) => {
      if (attempt > 1) return false;
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, whole.length / 2), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    const run = await runReceiver(receiver, config());
    await complete(run);
    expect(bodiesOf(run.emitted).map((body) => String(body).slice(0, 1))).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(run.emitted.length).toBeGreaterThan(2);
    expect(s3.gets).toHaveLength(2);
  });
});

describe('when the pipelines refuse, the awss3 receiver', () => {
  it('waits and tries again, for as long as it takes', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json'), json(logs('a')));
    let left = 5;
    const emit = vi.fn(async () => {
      if (left-- > 0) throw new RetryableError('full', { retryAfterMs: 7000 });
    });
    const run = await runReceiver(receiver, config(), { emit });
    await complete(run);
    expect(emit).toHaveBeenCalledTimes(6);
    expect(emit).toHaveBeenLastCalledWith(expect.anything(), { deadline: Infinity });
  });

  it('counts what is refused for good, and goes on', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json'), json(logs('a', 'b')));
    s3.objects.set(keyOf(0, 'logs_2.json'), json(logs('c')));
    const emit = async (batch: Batch): Promise<void> => {
      if (batch.count === 2) throw new PermanentError('no');
    };
    const run = await runReceiver(receiver, config(), { emit });
    await complete(run);
    expect(run.context.drops).toEqual([{ count: 2, signal: 'logs', reason: 'refused' }]);
    expect(run.context.logs.at(-1)?.fields).toMatchObject({ delivered: 1, refused: 2 });
  });

  it('does not wait for one batch before it sends the next', async () => {
    for (let i = 0; i < 5; i++) s3.objects.set(keyOf(0, `logs_${i}.json`), json(logs(`${i}`)));
    const gate = Promise.withResolvers<void>();
    const run = await runReceiver(receiver, config(), { emit: () => gate.promise });
    await until(run, () => run.emitted.length === 5);
    gate.resolve();
    await complete(run);
  });
});

describe('at its next start, the awss3 receiver', () => {
  async function keptStorage() {
    return await testContext().storage();
  }

  it('goes on behind the last object that was delivered with all before it', async () => {
    for (let i = 0; i < 4; i++) s3.objects.set(keyOf(i % 3, `logs_${i}.json`), json(logs(`line ${i}`)));
    s3.objects.set(keyOf(0, 'traces_0.json'), json(spansBatch([{ name: 's' }])));
    const storage = await keptStorage();
    const options = { storage: () => Promise.resolve(storage) };
    // Minutes 0, 1 and 2 have line 0 and 3, 1, 2: the second partition is not taken.
    const first = await runReceiver(receiver, config(), {
      ...options,
      emit: async (batch) => {
        if (batch.signal === 'logs' && bodiesOf([batch]).includes('line 1')) throw new RetryableError('down');
      },
    });
    await until(first, () => first.emitted.filter(({ signal }) => signal === 'logs').length >= 5);
    await first.stop();
    expect(said(first, 'interrupted')).toBe(true);

    const second = await runReceiver(receiver, config(), options);
    await complete(second);
    expect(said(second, 'going on where')).toBe(true);
    expect(bodiesOf(second.emitted)).toEqual(['line 1', 'line 2']);

    const third = await runReceiver(receiver, config(), options);
    expect(said(third, 'replayed already')).toBe(true);
    expect(third.emitted).toEqual([]);
    await third.stop();

    const other = await runReceiver(receiver, config({ endtime: '2026-01-31 15:02' }), options);
    await complete(other);
    expect(bodiesOf(other.emitted.filter(({ signal }) => signal === 'logs'))).toEqual(['line 0', 'line 3', 'line 1']);
  });

  it('repeats an object that was delivered in part', async () => {
    s3.objects.set(keyOf(0, 'logs_1.json'), Buffer.concat([json(logs('a')), json(logs('b'))]));
    const storage = await keptStorage();
    const first = await runReceiver(receiver, config(), {
      storage: () => Promise.resolve(storage),
      emit: async (batch) => {
        if (bodiesOf([batch]).includes('b')) throw new RetryableError('down');
      },
    });
    await until(first, () => first.emitted.length >= 2);
    await first.stop();
    const second = await runReceiver(receiver, config(), { storage: () => Promise.resolve(storage) });
    await complete(second);
    expect(bodiesOf(second.emitted)).toEqual(['a', 'b']);
  });
});

it('needs to know which objects are of which signal', async () => {
  const s3downloader = { s3_bucket: 'bucket', file_prefix_include_telemetry_type: false };
  await expect(runReceiver(receiver, config({ s3downloader }))).rejects.toThrow('leaves open');
});

describe('conformance', () => {
  const s3downloader = { s3_bucket: 'bucket', endpoint: 'http://127.0.0.1:9', s3_force_path_style: true };
  const options = { starttime: '2026-01-31', endtime: '2026-02-01', s3downloader };
  for (const check of conformance(receiver, { config: options })) it(check.name, check.run);
});
