import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformance, parseConfig, runExtension, type ExtensionRun } from 'sluice/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { formatBasic, parseBasic } from './header.ts';
import basic from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-basic-'));
afterAll(() => rmSync(folder, { recursive: true }));
const runs: ExtensionRun[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.stop();
});

describe.each([{ htpasswd: { inline: 'a:b' } }, { client_auth: { username: 'a', password: 'b' } }])(
  'conformance, %j',
  (config) => {
    for (const check of conformance(basic, { config })) it(check.name, check.run);
  },
);

/** Of `U*U`, and of `secret`. */
const bcrypt = '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const apr1 = '$apr1$8sFt66rZ$eup.HOtZcQ/VrnApBM3rR/';

async function server(inline: string, file?: string): Promise<ExtensionRun> {
  const run = await runExtension(basic, { htpasswd: { inline, ...(file !== undefined && { file }) } });
  runs.push(run);
  return run;
}

const raw = async ({ provides }: ExtensionRun, ...values: string[]): Promise<unknown> =>
  await provides.serverAuth?.authenticate({ headers: new Map([['authorization', values]]), peer: 'p:1' });
const as = (run: ExtensionRun, username: string, password: string): Promise<unknown> =>
  raw(run, formatBasic({ username, password }));

describe('a server', () => {
  it.each([
    ['plain', 'secret', 'secret'],
    ['bcrypt', bcrypt, 'U*U'],
    ['apr1', apr1, 'secret'],
  ])('lets in who knows the password, %s', async (_kind, entry, password) => {
    const run = await server(`alice:${entry}\nbob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=`);
    expect(await as(run, 'alice', password)).toEqual({ identity: 'alice' });
    expect(await as(run, 'alice', password), 'once more').toEqual({ identity: 'alice' });
    expect(await as(run, 'bob', 'secret')).toEqual({ identity: 'bob' });
    for (const wrong of ['', `${password}x`, password.slice(1), entry])
      if (wrong !== password) expect(await as(run, 'alice', wrong), wrong).toBeUndefined();
    for (const name of ['', 'alic', 'alicex', 'Alice', 'carol', '__proto__'])
      expect(await as(run, name, password), name).toBeUndefined();
  });

  it('refuses what is no well-formed header', async () => {
    const run = await server('alice:secret');
    const good = formatBasic({ username: 'alice', password: 'secret' });
    expect(await raw(run, good)).toEqual({ identity: 'alice' });
    expect(await raw(run)).toBeUndefined();
    for (const wrong of [
      '',
      'Basic',
      'Basic ',
      `${good}x`,
      `${good}=`,
      good.slice(0, -1),
      good.slice(6),
      `Bearer ${good.slice(6)}`,
    ])
      expect(await raw(run, wrong), wrong).toBeUndefined();
    expect(await raw(run, good, good), 'two headers').toBeUndefined();
  });

  it('keeps the loop free while it checks, and asks to come back when there is too much of it', async () => {
    const run = await server(`alice:$2y$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    const first = as(run, 'alice', 'guess');
    const others = Array.from({ length: 80 }, (_, i) => as(run, 'alice', `guess ${i}`));
    const refused = await Promise.allSettled(others.slice(63));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'));
    expect(await first).toBeUndefined();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
    const unanswered = Promise.allSettled(others);
    await run.stop();
    expect((await unanswered).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(17);
  });

  it('remembers no success of a password that has changed', async () => {
    const file = join(folder, 'changing');
    writeFileSync(file, `alice:${bcrypt}`);
    const run = await server('bob:b', file);
    expect(await as(run, 'alice', 'U*U')).toEqual({ identity: 'alice' });
    writeFileSync(file, `# changed\nalice:${apr1}\n`);
    await expect
      .poll(async () => (await run.context.clock.advance(1000), await as(run, 'alice', 'U*U')))
      .toBeUndefined();
    expect(await as(run, 'alice', 'secret')).toEqual({ identity: 'alice' });
    expect(await as(run, 'bob', 'b'), 'inline').toEqual({ identity: 'bob' });
  });

  it('has inline lines win over the file', async () => {
    const file = join(folder, 'both');
    writeFileSync(file, 'alice:old\r\nbob:b\r\n');
    const run = await server('alice:new', file);
    expect(await as(run, 'alice', 'old')).toBeUndefined();
    expect(await as(run, 'alice', 'new')).toEqual({ identity: 'alice' });
    expect(await as(run, 'bob', 'b')).toEqual({ identity: 'bob' });
  });

  it.each([
    ['alice', 'htpasswd.inline: line 1: expected name:password'],
    ['# none', 'htpasswd.inline: there are no users'],
    ['alice:a\nbob:', 'htpasswd.inline: line 2: the password is empty'],
    ['alice:$6$salt$geheim', 'line 1: expected bcrypt, apr1, SHA or a plain password, found $6$'],
  ])('does not start with %j: %s', async (inline, message) => {
    const failed = server(inline);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow('geheim');
  });

  it('does not start without its file', async () => {
    await expect(server('', join(folder, 'none'))).rejects.toThrow(/^htpasswd\.file: .*none: ENOENT/);
  });
});

describe('a client', () => {
  it('sends its name and password', async () => {
    const run = await runExtension(basic, { client_auth: { username: 'älice', password: 'a:b' } });
    const { authorization } = (await run.provides.clientAuth?.headers({})) ?? {};
    expect(parseBasic(authorization as string)).toEqual({ username: 'älice', password: 'a:b' });
    expect(run.provides.serverAuth).toBeUndefined();
  });

  it('reads files, and reads them again when they change', async () => {
    const [name, password] = [join(folder, 'name'), join(folder, 'password')];
    writeFileSync(name, 'alice\n');
    writeFileSync(password, 'first\n');
    const run = await runExtension(basic, { client_auth: { username_file: name, password_file: password } });
    runs.push(run);
    const sent = async (): Promise<unknown> => {
      await run.context.clock.advance(1000);
      return parseBasic(((await run.provides.clientAuth?.headers({})) ?? {})['authorization'] as string);
    };
    expect(await sent()).toEqual({ username: 'alice', password: 'first' });
    writeFileSync(password, 'second');
    await expect.poll(sent).toEqual({ username: 'alice', password: 'second' });
  });

  it('does not start without its file, and leaves nothing behind', async () => {
    const name = join(folder, 'present');
    writeFileSync(name, 'alice');
    const config = { client_auth: { username_file: name, password_file: join(folder, 'none') } };
    await expect(runExtension(basic, config)).rejects.toThrow(/^client_auth\.password_file: .*none: ENOENT/);
  });
});

describe('options', () => {
  it.each([
    [{}, 'client_auth or htpasswd is required'],
    [{ htpasswd: {} }, 'file or inline is required'],
    [{ htpasswd: { inline: ' ' } }, 'file or inline is required'],
    [{ client_auth: { username: 'a' } }, 'password or password_file is required'],
    [{ client_auth: { username: 'a', password: '' } }, 'password or password_file is required'],
    [{ client_auth: { username: 'a:b', password: 'c' } }, 'a name with a colon cannot be sent'],
    [{ client_auth: { username: 'a', password: 'b' }, htpasswd: { inline: 'a:b' } }, 'found both'],
  ])('%j: %s', (config, message) => {
    expect(() => parseConfig(basic, config)).toThrow(message);
  });
});
