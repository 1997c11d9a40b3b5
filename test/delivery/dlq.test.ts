import { appendFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sluice } from '../cli/program.ts';
import { freePorts } from '../interop/program.ts';
import { lettersOf } from './dead-letters.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

/** A folder with four dead letters of three records each, from a service that still runs. */
async function fourLetters() {
  const oracle = new Oracle();
  const directory = folder();
  let picky = true;
  const sink = await HttpSink.open({
    answer: () => (picky ? { status: 403, body: 'not\u001b[31m today' } : {}),
    taken: (ids) => oracle.arrived(ids),
  });
  onTestFinished(() => sink.close());
  const { http } = await startService({ exporters: { otlp_http: { endpoint: sink.url } }, deadLetters: directory });
  const sender = new Sender(oracle, http, 1);
  onTestFinished(() => sender.close());
  for (let request = 0; request < 4; request++) expect((await sender.send(3)).status).toBe(200);
  return { oracle, directory, sender, to: `http://127.0.0.1:${http}`, sink, please: () => (picky = false) };
}

/** A destination for replayed letters, in JSON, that refuses those with id 3. */
async function pickySink(oracle: Oracle): Promise<HttpSink> {
  const sink = await HttpSink.open({
    answer: ({ ids }) => (ids.includes(3) ? { status: 400, body: 'still bad' } : { body: '{}' }),
    taken: (ids) => oracle.arrived(ids),
  });
  onTestFinished(() => sink.close());
  return sink;
}

describe('sluice dlq', { timeout: 30_000 }, () => {
  it('list counts letters and records, names exporters and reasons, and is safe to print', async () => {
    const { directory } = await fourLetters();
    const { code, stdout } = await sluice('dlq', 'list', '--directory', directory);
    expect(code).toBe(0);
    const [head, row, ...rest] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^FILE +LETTERS +RECORDS +FIRST +LAST +COMPONENTS +REASONS$/);
    expect(row).toMatch(
      /\.jsonl +4 +12 +\d{4}-\S+Z +\d{4}-\S+Z +exporter\/otlp_http +HTTP 403: not\\u001b\[31m today$/,
    );
    expect(rest).toEqual([]);
  });

  it('show prints the facts and the request of so many letters as are asked for', async () => {
    const { directory } = await fourLetters();
    const [file = ''] = readdirSync(directory);
    const { code, stdout } = await sluice('dlq', 'show', file, '-d', directory, '--limit', '2');
    expect(code).toBe(0);
    expect(stdout.match(/exporter\/otlp_http {2}3 logs {2}HTTP 403/g)).toHaveLength(2);
    expect(stdout).toContain('"stringValue": "id=000000000004 ');
    expect(stdout).not.toContain('id=000000000006 ');
    expect(stdout).toContain('--limit shows more than 2');
  });

  it('replay delivers to the receiver of the service that wrote the letters, and leaves nothing', async () => {
    const { directory, to, please, oracle } = await fourLetters();
    please();
    const { code, stdout } = await sluice('dlq', 'replay', '-d', directory, '--to', to);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `4 letters with 12 records delivered to ${to}, 0 kept\n` });
    expect(readdirSync(directory)).toEqual([]);
    expect(oracle.tally()).toMatchObject({ delivered: 12, duplicated: 0, lost: 0 });
  });

  it('replay keeps what is refused again, with its first reason, and exits with 1', async () => {
    const { directory, oracle } = await fourLetters();
    const sink = await pickySink(oracle);
    const { code, stdout, stderr } = await sluice('dlq', 'replay', '-d', directory, '--to', sink.url);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `3 letters with 9 records delivered to ${sink.url}, 1 kept\n`,
    });
    expect(stderr).toContain('3 logs not delivered: HTTP 400: still bad');
    const letters = await lettersOf(directory);
    expect(letters.map(({ ids }) => ids)).toEqual([[3, 4, 5]]);
    expect(letters[0]?.reason).toContain('HTTP 403');
    expect(oracle.missing()).toEqual([3, 4, 5]);
  });

  it('replay keeps everything when the destination is away, and does not ask it for every letter', async () => {
    const { directory } = await fourLetters();
    const [nowhere] = await freePorts(1);
    const { code, stdout, stderr } = await sluice(
      'dlq',
      'replay',
      '-d',
      directory,
      '--to',
      `http://127.0.0.1:${nowhere}`,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('0 letters with 0 records');
    expect(stderr.match(/not delivered/g)).toHaveLength(1);
    expect(await lettersOf(directory)).toHaveLength(4);
  });

  it('replay sends again what an earlier one left when it was cut short, and keeps lines that are no letters', async () => {
    const { directory, to, please, oracle } = await fourLetters();
    please();
    const [file = ''] = readdirSync(directory);
    const path = join(directory, file.replace('.jsonl', '-replay.jsonl'));
    renameSync(join(directory, file), path);
    appendFileSync(path, '{"time":"2026-01-01T00:00:00Z","compo');
    const { code, stderr } = await sluice('dlq', 'replay', '-d', directory, '--to', to);
    expect(code).toBe(1);
    expect(stderr).toContain('a line that is no letter is kept');
    expect(oracle.tally()).toMatchObject({ delivered: 12, lost: 0 });
  });

  it('loses no letter that is written while replay empties the folder', async () => {
    const { directory, oracle, sender } = await fourLetters();
    const sink = await pickySink(oracle);
    const sending = (async (): Promise<void> => {
      for (let request = 0; request < 100; request++) await sender.send(3);
    })();
    await sluice('dlq', 'replay', '-d', directory, '--to', sink.url);
    await sending;
    await sluice('dlq', 'replay', '-d', directory, '--to', sink.url);
    expect(oracle.missing()).toEqual([3, 4, 5]);
    expect((await lettersOf(directory)).map(({ ids }) => ids)).toEqual([[3, 4, 5]]);
  });

  it('finds the folder in a configuration, and says where there is none', async () => {
    const none = await sluice('dlq', 'list', '--config', 'pipelines/quickstart.yaml');
    expect(none).toMatchObject({ code: 1 });
    expect(none.stderr).toContain('has no service.dead_letters.directory');
    const { directory } = await fourLetters();
    const set = ['--set', `service.dead_letters.directory=${directory}`];
    const { stdout } = await sluice('dlq', 'list', '--config', 'pipelines/quickstart.yaml', ...set);
    expect(stdout).toContain('exporter/otlp_http');
  });
});
