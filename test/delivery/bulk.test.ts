import { describe, expect, it, onTestFinished } from 'vitest';
import { lettersOf } from './dead-letters.ts';
import { HttpSink, type Answer } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

/** What the index says of a record at its nth attempt, by the last digit of its id. */
const scripts: readonly (readonly number[])[] = [
  [201],
  [409],
  [429, 429, 201],
  [400],
  [503, 201],
  [201],
  [500, 409],
  [201],
  [429, 400],
  [404],
];

const finalStatus = (id: number): number => scripts[id % 10]?.at(-1) as number;
const attemptsOf = (id: number): number => scripts[id % 10]?.length as number;

/** A bulk API that says of each document what its script says. */
function scripted(oracle: Oracle) {
  const attempts = new Map<number, number>();
  const answer = ({ ids }: { readonly ids: readonly number[] }): Answer => {
    const items = ids.map((id) => {
      const attempt = attempts.get(id) ?? 0;
      attempts.set(id, attempt + 1);
      const status = scripts[id % 10]?.[attempt] ?? 599;
      if (status === 201 || status === 409) oracle.arrived([id]);
      const error = { type: `type_${status}`, reason: `document ${id}` };
      return { create: status < 300 ? { status } : { status, error } };
    });
    const errors = items.some(({ create }) => create.status > 299);
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errors, items }) };
  };
  return { attempts, answer };
}

async function gateway(oracle: Oracle, answer: HttpSink['answer'], more: { storage?: string } = {}) {
  const sink = await HttpSink.open({ answer });
  onTestFinished(() => sink.close());
  const deadLetters = folder();
  const retry_on_failure = { initial_interval: '5ms', max_interval: '10ms' };
  const exporters = { elasticsearch: { endpoint: sink.url, retry_on_failure } };
  const { http, metric } = await startService({ exporters, deadLetters, ...more });
  const sender = new Sender(oracle, http);
  onTestFinished(() => sender.close());
  return { sink, sender, metric, deadLetters };
}

describe('a bulk answer that is different for each document', () => {
  it.each([false, true])(
    'fault 23: sends again what has 429 or 5xx, takes 409 for good, and keeps the rest as dead letters (queue on disk: %j)',
    async (onDisk) => {
      const oracle = new Oracle();
      const { attempts, answer } = scripted(oracle);
      const run = await gateway(oracle, answer, onDisk ? { storage: folder() } : {});
      const heard = await Promise.all(Array.from({ length: 5 }, () => run.sender.send(40)));
      expect(heard.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      await expect.poll(() => [...attempts.values()].reduce((sum, one) => sum + one, 0), { timeout: 5000 }).toBe(300);
      await expect.poll(async () => (await lettersOf(run.deadLetters)).flatMap(({ ids }) => ids).length).toBe(60);
      for (const [id, times] of attempts) {
        const taken = finalStatus(id) === 201 || finalStatus(id) === 409;
        expect([id, times, oracle.times(id)]).toEqual([id, attemptsOf(id), taken ? 1 : 0]);
      }
      const letters = await lettersOf(run.deadLetters);
      expect(letters.flatMap(({ ids }) => ids).sort((a, b) => a - b)).toEqual(
        [...attempts.keys()].filter((id) => ![201, 409].includes(finalStatus(id))).sort((a, b) => a - b),
      );
      for (const { ids, reason } of letters)
        for (const id of ids) expect(reason).toMatch(`${finalStatus(id)}: type_${finalStatus(id)}: document`);
      expect(run.metric('otelcol_exporter_sent_log_records')).toBe(140);
      expect(run.metric('otelcol_dropped_items', { reason: 'dead_letter' })).toBe(60);
    },
  );

  it('asks once more only for what may go through, by the same ids', async () => {
    const oracle = new Oracle();
    const ids: string[][] = [];
    const answer = ({ bytes }: { readonly bytes: Buffer }): Answer => {
      ids.push([...bytes.toString().matchAll(/"_id":"([^"]+)"/g)].map(([, id]) => id as string));
      const statuses = ids.at(-1)?.map((_, i) => (ids.length === 1 && i > 1 ? 429 : 201)) ?? [];
      return { body: JSON.stringify({ errors: true, items: statuses.map((status) => ({ create: { status } })) }) };
    };
    const { sender } = await gateway(oracle, answer);
    expect((await sender.send(5)).status).toBe(200);
    expect(ids.map((one) => one.length)).toEqual([5, 3]);
    expect(ids[1]).toEqual(ids[0]?.slice(2));
  });
});

describe('a bulk answer that nobody can trust', () => {
  const fine: Answer = { body: '{"errors":false,"items":[]}' };
  const endless: NonNullable<Answer['raw']> = (_, response) => {
    response.writeHead(200, { 'content-length': 1024 ** 3 });
    const piece = Buffer.alloc(64 * 1024, ' ');
    const write = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  };

  it.each<[string, Answer]>([
    ['no JSON', { body: '<html>welcome</html>' }],
    ['nothing', { body: '' }],
    ['half of it', { body: '{"errors":true,"items":[{"create":{"status":201}},{"cre' }],
    ['1 GiB', { raw: endless }],
    ['a reset after the request', { raw: (request) => request.socket.resetAndDestroy() }],
  ])('faults 26, 27: is asked for once more: %s', async (_, first) => {
    const oracle = new Oracle();
    let requests = 0;
    const { sender, deadLetters } = await gateway(oracle, () => (requests++ === 0 ? first : fine));
    expect((await sender.send(3)).status).toBe(200);
    expect(requests).toBe(2);
    expect(await lettersOf(deadLetters)).toEqual([]);
  });

  it('fault 21: a request that is too large goes in halves; a document that is, to the dead letters', async () => {
    const oracle = new Oracle();
    const { sender, deadLetters } = await gateway(oracle, ({ ids }) => {
      if (ids.includes(5) || ids.length > 4) return { status: 413 };
      oracle.arrived(ids);
      return fine;
    });
    expect((await sender.send(16)).status).toBe(200);
    expect(oracle.tally()).toMatchObject({ delivered: 15, duplicated: 0 });
    expect((await lettersOf(deadLetters)).map(({ ids, reason }) => [ids, reason])).toEqual([[[5], 'HTTP 413']]);
  });
});
