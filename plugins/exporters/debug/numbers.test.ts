import { expect, test } from 'vitest';
import { fixed, shortest, timestamp } from './numbers.ts';

// What Go's fmt prints for %v and %f.
test.each([
  [1_000_000, '1e+06', '1000000.000000'],
  [123_456.789, '123456.789', '123456.789000'],
  [1_234_567.5, '1.2345675e+06', '1234567.500000'],
  [0.0001, '0.0001', '0.000100'],
  [0.00001, '1e-05', '0.000010'],
  [-0, '-0', '-0.000000'],
  [1e21, '1e+21', '1000000000000000000000.000000'],
  [NaN, 'NaN', 'NaN'],
  [-Infinity, '-Inf', '-Inf'],
])('%f is written as %s and as %s', (value, short, decimals) => {
  expect(shortest(value)).toBe(short);
  expect(fixed(value)).toBe(decimals);
});

test('a timestamp has no more digits than it needs, and is exact', () => {
  expect(timestamp(0n)).toBe('1970-01-01 00:00:00 +0000 UTC');
  expect(timestamp(1_706_032_481_100_000_000n)).toBe('2024-01-23 17:54:41.1 +0000 UTC');
  expect(timestamp(18_446_744_073_709_551_615n)).toBe('2554-07-21 23:34:33.709551615 +0000 UTC');
});
