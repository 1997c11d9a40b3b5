import { parseConfig } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import receiver from './index.ts';
import { partitionsOf } from './partitions.ts';

function prefixes(starttime: string, endtime: string, options: object = {}): string[] {
  const s3downloader = { s3_bucket: 'logs', s3_partition_timezone: 'utc', ...options };
  const config = parseConfig(receiver, { starttime, endtime, s3downloader });
  return [...partitionsOf(config)].map(({ prefix }) => prefix);
}

describe('partitions of a range of time', () => {
  it('are minutes, the first and the last cut off', () => {
    expect(prefixes('2026-01-31T23:58:30Z', '2026-02-01T00:00:00.001Z', { s3_prefix: 'base/app/' })).toEqual([
      'base/app/year=2026/month=01/day=31/hour=23/minute=58/',
      'base/app/year=2026/month=01/day=31/hour=23/minute=59/',
      'base/app/year=2026/month=02/day=01/hour=00/minute=00/',
    ]);
  });

  it('are hours where that is wanted', () => {
    expect(prefixes('2026-01-31 15:30', '2026-01-31 17:00', { s3_partition: 'hour' })).toEqual([
      'year=2026/month=01/day=31/hour=15/',
      'year=2026/month=01/day=31/hour=16/',
    ]);
  });

  it('begin where the hour of their time zone does', () => {
    const zone = { s3_partition: 'hour', s3_partition_timezone: 'Asia/Kolkata' };
    expect(prefixes('2026-01-31T00:00:00Z', '2026-01-31T01:00:00Z', zone)).toEqual([
      'year=2026/month=01/day=31/hour=05/',
      'year=2026/month=01/day=31/hour=06/',
    ]);
  });

  it('come once where a clock that is put back repeats their names', () => {
    const zone = { s3_partition_timezone: 'Europe/Berlin' };
    const found = prefixes('2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z', zone);
    expect(found).toHaveLength(60);
    expect(new Set(found).size).toBe(60);
    expect(prefixes('2026-03-29T00:59:00Z', '2026-03-29T01:01:00Z', zone).map((prefix) => prefix.slice(-18))).toEqual(
      ['/hour=01/minute=59/', '/hour=03/minute=00/'].map((end) => end.slice(-18)),
    );
  });

  it('have names of any format made of times', () => {
    const format = { s3_partition_format: 'dt=%Y%m%d' };
    expect(prefixes('2026-01-31 15:00', '2026-02-01 15:00', format)).toEqual(['dt=20260131/', 'dt=20260201/']);
    expect(prefixes('2026-01-31 15:00', '2026-02-01 15:00', { s3_partition_format: '' })).toEqual(['']);
  });
});

describe('options', () => {
  it.each([
    [{ s3_partition_format: '{service.name}/%Y' }, 'cannot depend on attributes'],
    [{ s3_partition_format: '%Y%m%d%H%M%S' }, 'too fine'],
    [{ s3_partition_format: '%Q' }, '%Q'],
    [{ s3_partition_timezone: 'Mars/Olympus' }, 'time zone'],
  ])('refuse %j', (options, message) => {
    expect(() => prefixes('2026-01-01', '2026-01-02', options)).toThrow(message);
  });

  it('refuse an end before the start, and a time that is none', () => {
    expect(() => prefixes('2026-01-02', '2026-01-01')).toThrow('endtime has to be after starttime');
    expect(() => prefixes('tomorrow', '2026-01-01')).toThrow('expected a time such as');
  });
});
