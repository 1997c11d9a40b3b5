import { expect, it } from 'vitest';
import { answerError } from './http-answer.ts';
import type { HttpClientResponse } from './transport.ts';

function answer(status: number, body = '', contentType = 'text/plain', retryAfterMs?: number): HttpClientResponse {
  return {
    status,
    headers: new Map([['content-type', [contentType]]]),
    body: Buffer.from(body),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

it.each([200, 202, 204])('%i is no error', (status) => {
  expect(answerError(answer(status))).toBeUndefined();
});

it.each([408, 425, 429, 500, 502, 503, 504, 520])('%i may go through later', (status) => {
  expect(answerError(answer(status, 'busy', 'text/plain', 1500))).toMatchObject({
    delivery: 'retryable',
    message: `HTTP ${status}: busy`,
    retryAfterMs: 1500,
  });
});

it.each([301, 400, 401, 403, 404, 413, 422, 501, 505])('%i is for good', (status) => {
  expect(answerError(answer(status))).toMatchObject({
    delivery: 'permanent',
    message: `HTTP ${status}`,
    tooLarge: status === 413,
    badData: status === 400 || status === 422,
  });
});

it('a set of its own says what may go through later', () => {
  expect(answerError(answer(500), { retryable: new Set([503]) })).toMatchObject({ delivery: 'permanent' });
});

it('takes the message out of JSON, and shortens what is long', () => {
  expect(answerError(answer(400, '{"message":"no"}', 'application/json'))?.message).toBe('HTTP 400: no');
  expect(answerError(answer(400, '{"error":1}', 'application/json'))?.message).toBe('HTTP 400: {"error":1}');
  expect(answerError(answer(400, 'x'.repeat(10_000)))?.message.length).toBeLessThan(600);
});
