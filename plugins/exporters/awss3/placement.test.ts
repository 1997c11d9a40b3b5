import { concat, signals, type Batch } from 'sluice/plugin';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import { config, type Config } from './config.ts';
import { Layout } from './keys/layout.ts';
import { Placement, type Placed } from './placement.ts';

function configured(uploader: object, rest: object = {}): Config {
  return config.parse({ s3uploader: { s3_bucket: 'archive', s3_partition_timezone: 'utc', ...uploader }, ...rest });
}

function placed(batch: Batch, uploader: object, rest: object = {}): Placed[] {
  const options = configured(uploader, rest);
  return new Placement(options, new Layout(options)).place(batch);
}

const now = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Folder and number of records of each part. */
function shape(parts: readonly Placed[]): string[] {
  return parts.map(({ newKey, batch }) => `${newKey(now).split('/').slice(0, -1).join('/')}: ${batch.count}`);
}

const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
const shop = { resource: { 'service.name': 'shop' } };
const mail = { resource: { 'service.name': 'mail' } };

test('a key is what the Collector makes it by default, with a UUID', () => {
  const [part] = placed(logsBatch([{}]), { s3_base_prefix: 'base/', s3_prefix: '/logs', file_prefix: 'x-' });
  expect(part?.newKey(now)).toMatch(
    /^base\/logs\/year=2026\/month=01\/day=02\/hour=03\/minute=04\/x-logs_[0-9a-f-]{36}$/,
  );
});

test('the time of writing is shown in the time zone that is asked for', () => {
  const [part] = placed(logsBatch([{}]), {
    s3_partition_format: '%Y-%m-%dT%H:%M',
    s3_partition_timezone: 'Asia/Kolkata',
  });
  expect(part?.newKey(now)).toMatch(/^2026-01-02T08:34\//);
});

test('a batch for one place stays as it is', () => {
  const batch = logsBatch([{ body: 'a' }, { body: 'b' }], shop);
  for (const uploader of [{}, { s3_prefix: '{service.name}' }, { partition_time: 'event' }])
    expect(placed(batch, uploader).map((part) => part.batch)).toEqual([batch]);
});

test('resources go to their places, several of one to the same', () => {
  const batch = concat([logsBatch([{}, {}], shop), logsBatch([{}], mail), logsBatch([{}], shop)]);
  const parts = placed(batch, { s3_prefix: '{resource:service.name}', s3_partition_format: '%Y' });
  expect(shape(parts)).toEqual(['shop/2026: 3', 'mail/2026: 1']);
});

test('an attribute of the record comes before one of the resource, and a fallback before the word unknown', () => {
  const batch = logsBatch([{ attributes: { 'service.name': 'own' } }, {}], shop);
  const format = { s3_partition_format: '%Y' };
  expect(shape(placed(batch, { ...format, s3_prefix: '{service.name}' }))).toEqual(['own/2026: 1', 'shop/2026: 1']);
  expect(shape(placed(batch, { ...format, s3_prefix: '{record:service.name|none}' }))).toEqual([
    'own/2026: 1',
    'none/2026: 1',
  ]);
  expect(shape(placed(batch, { ...format, s3_prefix: '{no.such}' }))).toEqual(['unknown/2026: 2']);
});

describe('by the time of events', () => {
  const uploader = { partition_time: 'event', s3_partition_format: '%m-%dT%H:%M' };

  test('records go to the time at which they happened, were observed, or arrived', () => {
    const batch = logsBatch(
      [
        { timeUnixNano: at('2025-12-31T23:59:30Z') },
        { observedTimeUnixNano: at('2025-12-31T23:58:00Z') },
        {},
        { timeUnixNano: at('2025-12-31T23:59:59Z') },
        { timeUnixNano: at('2100-01-01T00:00:00Z') },
      ],
      { meta: { receivedAt: Date.UTC(2026, 0, 1) } },
    );
    expect(shape(placed(batch, uploader))).toEqual(['12-31T23:59: 2', '12-31T23:58: 1', '01-01T00:00: 2']);
  });

  test('spans go to their start, points to their time', () => {
    expect(shape(placed(spansBatch([{ startTimeUnixNano: at('2025-05-06T07:08:09Z') }]), uploader))).toEqual([
      '05-06T07:08: 1',
    ]);
    const points = metricsBatch([
      { name: 'a', value: 1, timeUnixNano: at('2025-05-06T07:08:09Z') },
      { name: 'b', value: 1, timeUnixNano: at('2025-05-06T07:09:09Z') },
    ]);
    expect(shape(placed(points, uploader))).toEqual(['05-06T07:08: 1', '05-06T07:09: 1']);
  });
});

test('signals never share an object', () => {
  const ids = [logsBatch([{}]), spansBatch([{}]), metricsBatch([{ name: 'a', value: 1 }])].map(
    (batch) => placed(batch, {})[0]?.id,
  );
  expect(new Set(ids).size).toBe(signals.length);
});

test.each([
  [{ s3_partition_format: '%q' }, /expected %Y/],
  [{ s3_prefix: '{x' }, /expected }/],
  [{ s3_partition_timezone: 'Mars' }, /time zone/],
  [{ part_size: '1MiB' }, /5MiB/],
  [{ compression: 'gzip', compression_level: 12 }, /1 to 9/],
  [{ compression_level: 1 }, /needs compression/],
  [{ sse_kms_key_id: 'x' }, /aws:kms/],
  [{ s3_bucket: '' }, /bucket/],
])('options that make no sense are refused: %j', (uploader, message) => {
  expect(() => configured(uploader)).toThrow(message);
});

test('what all keys begin with is known where no attribute comes first', () => {
  const prefixOf = (uploader: object, rest: object = {}): string =>
    new Layout(configured(uploader, rest)).literalPrefix;
  expect(prefixOf({ s3_base_prefix: '/base/', s3_prefix: 'logs' })).toBe('base/logs');
  expect(prefixOf({ s3_base_prefix: 'base', s3_prefix: 'logs-{x}' })).toBe('base/logs-');
  expect(prefixOf({ s3_prefix: 'logs' }, { resource_attrs_to_s3: { s3_prefix: 'team' } })).toBe('');
});
