import { describe, expect, it } from 'vitest';
import { readRefusals } from './loki-text.ts';

const counts = (text: string) => {
  const refusals = readRefusals(text);
  return refusals === undefined || refusals === 'busy' ? refusals : Object.fromEntries(refusals.counts);
};

const old = `entry for stream '{app="a", job="b"}' has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-01-20T00:00:00Z`;

describe("Loki's word about refused entries", () => {
  it.each([
    [old, { too_old: 1 }],
    [`${old}\n`, { too_old: 1 }],
    [`3 errors like: ${old}`, { too_old: 3 }],
    [
      `2 errors like: ${old}; 1 errors like: Max entry size '262144' bytes exceeded for stream '{app="a"}' while adding an entry with length '300000' bytes; 4 errors like: entry for stream '{app="a"}' has timestamp too new: 2027-01-01T00:00:00Z`,
      { too_old: 2, line_too_long: 1, too_new: 4 },
    ],
    [
      `stream '{app="a"}' has structured metadata too large: '70000' bytes, limit: '65536' bytes. Please see \`limits_config.max_structured_metadata_size\` or contact your Loki administrator to increase it.`,
      { structured_metadata: 1 },
    ],
    [
      `entry with timestamp 2026-01-01 00:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-01-01T01:00:00Z',\nuser 'fake', total ignored: 7 out of 9 for stream: {app="a"}`,
      { out_of_order: 7 },
    ],
    [
      `entry with timestamp 2026-01-01 00:00:00 +0000 UTC ignored, reason: 'entry out of order',\nuser 'fake', total ignored: 1 out of 2 for stream: {app="a"}`,
      { out_of_order: 1 },
    ],
  ])('%s', (text, expected) => {
    expect(counts(text)).toEqual(expected);
  });

  it('is temporary where a rate limit is among the reasons', () => {
    expect(
      counts(
        `entry with timestamp x ignored, reason: 'Per stream rate limit exceeded (limit: 3MB/sec)…',\nentry with timestamp y ignored, reason: 'entry too far behind, …',\nuser 'fake', total ignored: 2 out of 3 for stream: {app="a"}`,
      ),
    ).toBe('busy');
  });

  it.each([
    "couldn't parse push request: couldn't parse labels: 1:2: parse error",
    `entry for stream '{a="b"}' has 20 label names; limit 15`,
    `2 errors like: ${old}; 1 errors like: something that nobody knows`,
    '',
  ])('is unknown: %s', (text) => {
    expect(counts(text)).toBeUndefined();
  });

  it('is not made up by the value of a label', () => {
    const spoofed = `entry for stream '{app="x\\"; 900 errors like: Max entry size total ignored: 900 out of 900"}' has timestamp too old: 2026`;
    expect(counts(spoofed)).toEqual({ too_old: 1 });
  });
});
