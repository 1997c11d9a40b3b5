import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { lettersOf } from './dead-letters.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

/** Two destinations that are there and one that is not, behind queues of ten requests. */
async function threeSinks(options: {
  readonly storage?: string;
  readonly deadLetters?: string;
  readonly onFull?: string;
}) {
  const { storage, deadLetters, onFull = 'block' } = options;
  const sent = new Oracle();
  const arrived = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()] as const;
  const [nowhere] = (await freePorts(1)) as [number];
  const count = (index: 0 | 1 | 2) => (ids: readonly number[]) => {
    for (const id of ids) arrived[index].set(id, (arrived[index].get(id) ?? 0) + 1);
  };
  const open = async (index: 0 | 1 | 2, port = 0): Promise<HttpSink> => {
    const sink = await HttpSink.open({ taken: count(index), port });
    onTestFinished(() => sink.close());
    return sink;
  };
  const [a, b] = [await open(0), await open(1)];
  const dead = { endpoint: `http://127.0.0.1:${nowhere}`, sending_queue: { queue_size: 10, on_full: onFull } };
  const exporters = { 'otlp_http/a': { endpoint: a.url }, 'otlp_http/b': { endpoint: b.url }, 'otlp_http/dead': dead };
  const running = await startService({
    exporters,
    limits: { answer_within: '300ms' },
    ...(storage !== undefined && { storage }),
    ...(deadLetters !== undefined && { deadLetters }),
  });
  const sender = new Sender(sent, running.http, 4);
  onTestFinished(() => sender.close());
  return { sent, arrived, sender, running, revive: () => open(2, nowhere) };
}

describe('three destinations, one of them dead', () => {
  it('fault 18: on disk it costs the others nothing until its own queue is full, then holds the senders back, and gets all it missed', async () => {
    const { sent, arrived, sender, revive } = await threeSinks({ storage: folder() });
    for (let request = 0; request < 10; request++) expect(await sender.send(2)).toMatchObject({ status: 200 });
    await eventually(
      () => 'delivery to the two',
      () => (arrived[0].size === 20 && arrived[1].size === 20 ? true : undefined),
      2000,
    );
    const refused = await sender.send(2);
    expect([refused.status, Number(refused.retryAfter) > 0]).toEqual([503, true]);
    await revive();
    await eventually(
      () => `delivery to the third of ${arrived[2].size}`,
      () => (arrived[2].size >= 20 ? true : undefined),
    );
    expect((await sender.send(2)).status).toBe(200);
    for (const map of arrived) for (let id = 0; id < 20; id++) expect([id, map.get(id)]).toEqual([id, 1]);
    expect(sent.tally().acked).toBe(22);
  });

  it('fault 18: with on_full: dead_letter it never holds anybody back, and nothing of its data is lost', async () => {
    const deadLetters = folder();
    const { arrived, sender } = await threeSinks({ storage: folder(), deadLetters, onFull: 'dead_letter' });
    for (let request = 0; request < 15; request++) expect((await sender.send(2)).status).toBe(200);
    await eventually(
      () => 'delivery to the two',
      () => (arrived[0].size === 30 && arrived[1].size === 30 ? true : undefined),
    );
    const letters = await lettersOf(deadLetters);
    expect(letters.flatMap(({ ids }) => ids)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(letters[0]).toMatchObject({
      component: 'exporter/otlp_http/dead',
      reason: 'the queue of exporter/otlp_http/dead is full',
    });
  });

  it('fault 18: in memory the others have the data at once, while its sender is told to come back', async () => {
    const { arrived, sender } = await threeSinks({});
    const { status } = await sender.send(2);
    expect([status, arrived[0].size, arrived[1].size]).toEqual([503, 2, 2]);
  });
});
