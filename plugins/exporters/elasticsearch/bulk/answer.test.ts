import { describe, expect, it } from 'vitest';
import { answer, items } from '../testing.ts';
import { longestAnswer, readItems } from './answer.ts';

const none: ReadonlySet<number> = new Set();

describe('the answer to a bulk request', () => {
  it('tells what became of each document', () => {
    const verdicts = readItems(items(201, 200, 409, 429, 400, 503, 404), 7, none);
    expect(verdicts?.map(({ kind }) => kind)).toEqual([
      'taken',
      'taken',
      'known',
      'later',
      'refused',
      'later',
      'refused',
    ]);
    expect(verdicts?.[4]).toMatchObject({ reason: '400: type_400: reason 400' });
  });

  it('is about documents that come again, too, where the configuration says that their status passes', () => {
    expect(readItems(items(404, 400), 2, new Set([404]))?.map(({ kind }) => kind)).toEqual(['later', 'refused']);
  });

  it('takes a conflict for good only where nothing is replaced', () => {
    const conflict = answer(200, { errors: true, items: [{ index: { status: 409 } }] });
    expect(readItems(conflict, 1, none)).toMatchObject([{ kind: 'later' }]);
  });

  it.each([
    answer(200, { took: 3, errors: false, items: [{ create: { status: 201 } }] }),
    answer(200, { errors: false }),
    answer(200, '{"took":1,"ingest_took":2,\n"errors" : false,"items":['),
    answer(202, ''),
    answer(204, ''),
  ])('says that all are in, %#', (given) => {
    expect(readItems(given, 1, none)).toBeUndefined();
  });

  it.each([
    ['', 'it is no JSON: ""'],
    ['<html>', 'it is no JSON: "<html>"'],
    ['null', 'it says nothing about the documents'],
    ['{}', 'it says nothing about the documents'],
    ['{"errors":true,"items":[{"create":{"status":201}}]}', 'it is about 1 documents of 2'],
    ['{"errors":true,"items":[{"create":{"st', 'it is no JSON'],
  ])('is not trusted where it does not say what became of them: %s', (body, message) => {
    expect(() => readItems(answer(200, body), 2, none)).toThrow(message);
    expect(() => readItems(answer(200, body), 2, none)).toThrow(expect.objectContaining({ name: 'RetryableError' }));
  });

  it('takes a document without a status for one that may not be in', () => {
    const odd = answer(200, { errors: true, items: [null, {}, { create: null }, { create: { status: 'x' } }] });
    expect(readItems(odd, 4, none)?.map(({ kind }) => kind)).toEqual(['later', 'later', 'later', 'later']);
  });

  it('of more bytes than are read makes the engine send fewer documents', () => {
    const cut = { ...answer(200), body: new Uint8Array(longestAnswer) };
    expect(() => readItems(cut, 1000, none)).toThrow(expect.objectContaining({ tooLarge: true }));
    expect(() => readItems(cut, 2, none)).toThrow(expect.objectContaining({ name: 'RetryableError' }));
  });
});
