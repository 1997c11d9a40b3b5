import { describe, expect, it } from 'vitest';
import { bulkUrls } from './endpoints.ts';

const query = 'filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason';
const none = { endpoint: undefined, endpoints: undefined, cloudid: undefined, pipeline: undefined };

describe('the URL of the bulk API', () => {
  it.each([
    [{ endpoint: 'https://es:9200' }, [`https://es:9200/_bulk?${query}`]],
    [{ endpoint: 'http://es/under/a/path/' }, [`http://es/under/a/path/_bulk?${query}`]],
    [{ endpoints: ['http://a:1', 'http://b:2'] }, [`http://a:1/_bulk?${query}`, `http://b:2/_bulk?${query}`]],
    [
      { cloudid: `prod:${Buffer.from('eu.example.io:9243$abc$kib').toString('base64')}`, pipeline: 'a b&c' },
      [`https://abc.eu.example.io:9243/_bulk?${query}&pipeline=a%20b%26c`],
    ],
  ])('of %j', (config, urls) => {
    expect(bulkUrls({ ...none, ...config })).toEqual(urls);
  });

  it.each([
    [{ endpoint: 'es:9200' }, 'endpoint: expected https://host:9200 or http://host:9200, found "es:9200"'],
    [
      { endpoints: ['http://a', 'ftp://me:secret@b'] },
      'endpoints[1]: expected https://host:9200 or http://host:9200, found "ftp://b"',
    ],
    [{ endpoint: 'http://a/?x=1' }, 'endpoint: expected'],
    [{ cloudid: 'prod:####' }, 'cloudid: expected the Cloud ID of a deployment'],
  ])('is told to be wrong, without credentials: %j', (config, message) => {
    expect(() => bulkUrls({ ...none, ...config })).toThrow(message);
  });
});
