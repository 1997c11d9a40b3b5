import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformance, parseConfig, runExtension, type ExtensionRun } from 'sluice/testing';
import { afterAll, describe, expect, it } from 'vitest';
import bearer from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-bearer-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('conformance', () => {
  for (const check of conformance(bearer, { config: { token: 't' } })) it(check.name, check.run);
});

const check = ({ provides }: ExtensionRun, ...values: string[]): unknown =>
  provides.serverAuth?.authenticate({ headers: new Map([['authorization', values]]), peer: 'p:1' });
const sent = async ({ provides }: ExtensionRun): Promise<unknown> => await provides.clientAuth?.headers({});

describe('a server', () => {
  it('takes every configured token and nothing else', async () => {
    const run = await runExtension(bearer, { tokens: ['first', 'second'] });
    expect(check(run, 'Bearer first')).toEqual({});
    expect(check(run, 'bearer second')).toEqual({});
    for (const wrong of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer firs',
      'Bearer firstx',
      'Bearer First',
      'Basic first',
      'first',
    ])
      expect(check(run, wrong), wrong).toBeUndefined();
    expect(check(run, 'Bearer wrong', 'Bearer first'), 'two headers').toBeUndefined();
    expect(run.provides.serverAuth?.authenticate({ headers: new Map(), peer: 'p:1' })).toBeUndefined();
  });

  it('looks at another header, and for a token alone, where it is told to', async () => {
    const run = await runExtension(bearer, { token: 't', header: 'X-Key', scheme: '' });
    const as = (value: string): unknown =>
      run.provides.serverAuth?.authenticate({ headers: new Map([['x-key', [value]]]), peer: 'p:1' });
    expect(as('t')).toEqual({});
    expect([as('Bearer t'), as(''), as('tt')]).toEqual([undefined, undefined, undefined]);
    expect(await sent(run)).toEqual({ 'x-key': 't' });
  });
});

it('sends the first token', async () => {
  expect(await sent(await runExtension(bearer, { token: 'abc' }))).toEqual({ authorization: 'Bearer abc' });
  expect(await sent(await runExtension(bearer, { tokens: ['a', 'b'], scheme: 'Api-Key' }))).toEqual({
    authorization: 'Api-Key a',
  });
});

describe('a file of tokens', () => {
  it('is read again when it is written, replaced or linked to another', async () => {
    const path = join(folder, 'tokens');
    writeFileSync(path, 'one\n\n two \n');
    const run = await runExtension(bearer, { filename: path });
    expect([check(run, 'Bearer one'), check(run, 'Bearer two'), check(run, 'Bearer ')]).toEqual([{}, {}, undefined]);
    const becomes = async (token: string): Promise<void> => {
      await expect.poll(async () => (await run.context.clock.advance(1000), check(run, `Bearer ${token}`))).toEqual({});
    };
    writeFileSync(path, 'three');
    await becomes('three');
    expect(check(run, 'Bearer one')).toBeUndefined();
    writeFileSync(`${path}.new`, 'four');
    renameSync(`${path}.new`, path);
    await becomes('four');
    writeFileSync(join(folder, 'elsewhere'), 'five');
    symlinkSync(join(folder, 'elsewhere'), `${path}.link`);
    renameSync(`${path}.link`, path);
    await becomes('five');
    expect(await sent(run)).toEqual({ authorization: 'Bearer five' });
    await run.stop();
    expect(run.context.clock.waiting).toBe(0);
  });

  it('that vanishes or empties leaves the tokens as they were, and says so once', async () => {
    const path = join(folder, 'vanishing');
    writeFileSync(path, 'kept');
    const run = await runExtension(bearer, { filename: path });
    const warned = (): number => run.context.logs.filter(({ level }) => level === 'warn').length;
    const look = async (): Promise<number> => (await run.context.clock.advance(1000), warned());
    rmSync(path);
    await expect.poll(look).toBe(1);
    await look();
    writeFileSync(path, '\n');
    await expect.poll(look).toBe(2);
    expect(check(run, 'Bearer kept')).toEqual({});
    await run.stop();
  });

  it('that is not there, or holds no token, fails the start', async () => {
    await expect(runExtension(bearer, { filename: join(folder, 'none') })).rejects.toThrow(/^filename: .*none: ENOENT/);
    writeFileSync(join(folder, 'empty'), ' \n');
    await expect(runExtension(bearer, { filename: join(folder, 'empty') })).rejects.toThrow('there is no token');
  });
});

describe('options', () => {
  it.each([
    [{}, 'one of token, tokens and filename is required'],
    [{ token: '' }, 'the token is empty'],
    [{ tokens: ['a', ' '] }, 'a token is empty'],
    [{ token: 'a', tokens: ['b'] }, 'takes the place of token; found both'],
    [{ token: 'a', header: 'a b' }, 'expected the name of a header'],
  ])('%j: %s', (config, message) => {
    expect(() => parseConfig(bearer, config)).toThrow(message);
  });

  it('refuses a token that no header can carry, without showing it', async () => {
    await expect(runExtension(bearer, { tokens: ['a', 'geheim\u0000nis'] })).rejects.toThrow(
      /^token 2 holds characters that no header can carry$/,
    );
  });
});
