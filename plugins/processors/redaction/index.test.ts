import { createHash, createHmac } from 'node:crypto';
import {
  Attributes,
  decode,
  Decoded,
  encode,
  Resource,
  ResourceGroup,
  SpanEvent,
  type AnyValue,
  type Batch,
  type LogRecord,
  type Span,
} from 'sluice/plugin';
import { conformance, logsBatch, runProcessor, spansBatch } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';
import { maskMatches } from './mask.ts';

describe('conformance', () => {
  for (const check of conformance(definition, { config: { allow_all_keys: true } })) test(check.name, check.run);
});

type Pairs = [string, AnyValue | undefined][];

async function redactedLog(
  config: object,
  fields: { body?: AnyValue; attributes?: Pairs },
  resource: Pairs = [],
): Promise<LogRecord & { resource: Pairs }> {
  const { batches } = await runProcessor(definition, config, [logsBatch([fields], { resource })]);
  const [group] = decode(batches[0] as Batch<'logs'>).resources;
  const record = group?.scopes[0]?.records[0] as LogRecord;
  return Object.assign(record, { resource: [...(group?.resource?.attributes ?? [])] });
}

async function redacted(config: object, attributes: Pairs): Promise<Pairs> {
  return [...(await redactedLog(config, { attributes })).attributes];
}

describe('attributes', () => {
  test('of keys that are not allowed go, from records and resources', async () => {
    const log = await redactedLog(
      { allowed_keys: ['a'], ignored_keys: ['b'], ignored_key_patterns: ['^c'] },
      {
        attributes: [
          ['a', 1n],
          ['b', 2n],
          ['cc', 3n],
          ['d', 4n],
          ['__proto__', 5n],
        ],
      },
      [
        ['a', 'x'],
        ['host', 'y'],
      ],
    );
    expect([...log.attributes]).toEqual([
      ['a', 1n],
      ['b', 2n],
      ['cc', 3n],
    ]);
    expect(log.resource).toEqual([['a', 'x']]);
  });

  test('are masked where they match, and left alone where they are allowed or ignored', async () => {
    const config = {
      allow_all_keys: true,
      blocked_values: ['[0-9]{4}', 'secret'],
      allowed_values: ['^keep'],
      ignored_keys: ['i'],
    };
    expect(
      await redacted(config, [
        ['a', 'card 1234 5678, secret'],
        ['b', 'keep 1234'],
        ['i', '1234'],
        ['n', 12345n],
      ]),
    ).toEqual([
      ['a', 'card **** ****, ****'],
      ['b', 'keep 1234'],
      ['i', '1234'],
      ['n', 12345n],
    ]);
  });

  test('of every type are looked at as text if asked for', async () => {
    const config = { allow_all_keys: true, redact_all_types: true, blocked_values: ['[0-9]+'] };
    expect(
      await redacted(config, [
        ['int', 12n],
        ['yes', true],
        ['list', ['a', 1n]],
      ]),
    ).toEqual([
      ['int', '****'],
      ['yes', true],
      ['list', '["a",****]'],
    ]);
  });

  test('with a blocked key are masked as a whole, line by line', async () => {
    expect(
      await redacted({ allow_all_keys: true, blocked_key_patterns: ['token'] }, [
        ['a.token', 'x\ny'],
        ['token', 5n],
        ['b', 'x'],
      ]),
    ).toEqual([
      ['a.token', '****\n****'],
      ['token', '****'],
      ['b', 'x'],
    ]);
  });

  test('keep their order, their duplicates and pairs without a value', async () => {
    const pairs: Pairs = [
      ['k', 'one'],
      ['k', 'x'],
      ['nothing', undefined],
      ['z', 'x'],
    ];
    expect(await redacted({ allow_all_keys: true, blocked_values: ['x'] }, pairs)).toEqual([
      ['k', 'one'],
      ['k', '****'],
      ['nothing', undefined],
      ['z', '****'],
    ]);
  });

  test('of span events are redacted, too', async () => {
    const event = SpanEvent.from({ name: 'e', attributes: Attributes.from({ password: 'x', ok: 'y' }) });
    const { batches } = await runProcessor(definition, { allowed_keys: ['ok'] }, [spansBatch([{ events: [event] }])]);
    const span = decode(batches[0] as Batch<'traces'>).resources[0]?.scopes[0]?.records[0] as Span;
    expect([...(span.events[0]?.attributes ?? [])]).toEqual([['ok', 'y']]);
  });

  test('of a resource without records are redacted, too', async () => {
    const tree = new Decoded('logs');
    const group = new ResourceGroup<'logs'>();
    group.resource = Resource.from({ attributes: Attributes.from({ password: 'x' }) });
    tree.resources.push(group);
    const { batches } = await runProcessor(definition, {}, [encode(tree, { receivedAt: 0 })]);
    expect(decode(batches[0] as Batch<'logs'>).resources[0]?.resource?.attributes.size).toBe(0);
  });
});

describe('bodies', () => {
  const config = {
    allow_all_keys: true,
    blocked_values: ['[0-9]{4}'],
    blocked_key_patterns: ['^password$'],
    summary: 'debug',
  };

  test('that are text are masked', async () => {
    const log = await redactedLog(config, { body: 'card 1234' });
    expect([log.body, ...log.attributes]).toEqual([
      'card ****',
      ['redaction.body.masked.keys', 'body'],
      ['redaction.body.masked.count', 1n],
    ]);
  });

  test('that have a structure are masked within', async () => {
    const body = Attributes.from({
      user: Attributes.from({ password: 'x', cards: ['1234', 'none', 5678n] }),
      ok: true,
    });
    const log = await redactedLog(config, { body });
    expect(log.body).toEqual(
      Attributes.from({ user: Attributes.from({ password: '****', cards: ['****', 'none', '****'] }), ok: true }),
    );
    expect(log.attributes.get('redaction.body.masked.keys')).toBe('user.cards.[0],user.cards.[2],user.password');
  });

  test('lose keys that are not allowed', async () => {
    const body = Attributes.from({ ok: Attributes.from({ ok: 'x', no: 'y' }), no: 'z' });
    const log = await redactedLog({ allowed_keys: ['ok'], summary: 'info' }, { body });
    expect(log.body).toEqual(Attributes.from({ ok: Attributes.from({ ok: 'x' }) }));
    expect([...log.attributes]).toEqual([['redaction.body.redacted.count', 2n]]);
  });
});

describe('hashes', () => {
  test.each([
    ['md5', (text: string) => createHash('md5').update(text).digest('hex')],
    ['SHA1', (text: string) => createHash('sha1').update(text).digest('hex')],
    ['sha3', (text: string) => createHash('sha3-256').update(text).digest('hex')],
    ['hmac-sha256', (text: string) => createHmac('sha256', 'k').update(text).digest('hex')],
  ])('%s stands in the place of what is masked', async (hash_function, hash) => {
    const key = hash_function.startsWith('hmac') ? { hmac_key: 'k' } : {};
    const config = { allow_all_keys: true, blocked_values: ['[0-9]+'], hash_function, ...key };
    expect(await redacted(config, [['a', 'n 42!']])).toEqual([['a', `n ${hash('42')}!`]]);
  });
});

describe('the summary', () => {
  test('names and counts what was done, added to what was done before', async () => {
    const config = {
      allowed_keys: ['m', 'ok'],
      blocked_values: ['x'],
      allowed_values: ['^ok'],
      ignored_keys: ['i'],
      summary: 'debug',
    };
    const before: Pairs = [
      ['redaction.redacted.keys', 'earlier'],
      ['redaction.redacted.count', 1n],
    ];
    expect(await redacted(config, [['m', 'x'], ['ok', 'ok x'], ['i', 'x'], ['b', 1n], ['a', 1n], ...before])).toEqual([
      ['m', '****'],
      ['ok', 'ok x'],
      ['i', 'x'],
      ['redaction.redacted.keys', 'a,b,earlier'],
      ['redaction.redacted.count', 3n],
      ['redaction.masked.keys', 'm'],
      ['redaction.masked.count', 1n],
      ['redaction.allowed.keys', 'ok'],
      ['redaction.allowed.count', 1n],
      ['redaction.ignored.count', 1n],
    ]);
  });
});

test('a batch in which nothing is to be changed goes on as it came', async () => {
  const input = logsBatch([{ body: 'x', attributes: { a: 1n } }]);
  const { batches } = await runProcessor(definition, { allow_all_keys: true, blocked_values: ['y'] }, [input]);
  expect(batches[0]).toBe(input);
});

test.each<[string, string, string]>([
  ['abc', '.*', '<abc>'],
  ['abc', 'x*', '<>a<>b<>c<>'],
  ['baac', 'a*', '<>b<aa>c<>'],
  ['abc', 'x', 'abc'],
])('matches are masked as in Go: %s by %s', (text, pattern, expected) => {
  expect(maskMatches(text, new RegExp(pattern, 'g'), (found) => `<${found}>`)).toBe(expected);
});

test.each<[object, string]>([
  [{ blocked_values: ['(?=a)'] }, 'blocked_values.0'],
  [{ hash_function: 'crc' }, 'hash_function'],
  [{ hash_function: 'hmac-sha256' }, 'hash_function'],
  [{ hmac_key: 'k' }, 'hmac_key'],
  [{ url_sanitizer: { enabled: true } }, 'url_sanitizer'],
  [{ db_sanitizer: { sql: { enabled: true } } }, 'db_sanitizer'],
])('%j is refused with its place', (config, path) => {
  const issues = definition.config.safeParse(config).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

test('sanitizers may be there as long as they are off', () => {
  expect(definition.config.safeParse({ url_sanitizer: { enabled: false }, db_sanitizer: {} }).success).toBe(true);
});
