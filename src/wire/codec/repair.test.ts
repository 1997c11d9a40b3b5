import { expect, test } from 'vitest';
import { checkStructure } from '../check.ts';
import { decode, repairUtf8 } from './index.ts';

test('text that is not UTF-8 gets U+FFFD for its bad bytes, wherever it stands; everything else stays', () => {
  // body 'a\xffb', an attribute of key '\xc3' and bytes value ff, and a long text with a bad byte.
  const long = `6c${'61'.repeat(50)}ff`;
  const record = `2a050a0361ff62 3208 0a01c3 1203 3a01ff 1a34${long}`.replaceAll(' ', '');
  const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, '0');
  const scope = `12${length(record)}${record}`;
  const resource = `12${length(scope)}${scope}`;
  const bytes = Buffer.from(`0a${length(resource)}${resource}`, 'hex');
  expect(checkStructure('logs', bytes).invalidUtf8).toBeGreaterThan(0);

  const repaired = repairUtf8('logs', bytes);
  expect(checkStructure('logs', repaired)).toEqual({ count: 1, invalidUtf8: -1 });
  const [log] = decode({ signal: 'logs', bytes: repaired }).resources[0]!.scopes[0]!.records;
  expect(log!.body).toBe('a\ufffdb');
  expect([...log!.attributes]).toEqual([['\ufffd', Uint8Array.of(255)]]);
  expect(log!.severityText).toBe(`l${'a'.repeat(50)}\ufffd`);
});
