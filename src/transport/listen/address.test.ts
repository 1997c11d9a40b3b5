import { describe, expect, it } from 'vitest';
import { isLocal, parseListenAddress } from './address.ts';

describe('parseListenAddress', () => {
  it.each([
    ['localhost:4318', { host: 'localhost', port: 4318 }],
    ['0.0.0.0:4317', { host: '0.0.0.0', port: 4317 }],
    [':4317', { host: '', port: 4317 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['unix:///run/a.sock', { path: '/run/a.sock' }],
    ['unix:/run/a.sock', { path: '/run/a.sock' }],
  ])('reads %s', (endpoint, expected) => {
    expect(parseListenAddress(endpoint)).toEqual(expected);
  });

  it('takes a bare path where the transport is unix', () => {
    expect(parseListenAddress('/run/a.sock', 'unix')).toEqual({ path: '/run/a.sock' });
  });

  it.each(['localhost', 'localhost:', 'localhost:99999', '::1:80', 'http://localhost:80', ''])(
    'refuses "%s" and says what it found',
    (endpoint) => {
      expect(() => parseListenAddress(endpoint)).toThrow(`found "${endpoint}"`);
    },
  );

  it('knows what only this machine can reach', () => {
    const local = (endpoint: string): boolean => isLocal(parseListenAddress(endpoint));
    expect(['localhost:1', '127.0.0.2:1', '[::1]:1', 'unix:///a'].every(local)).toBe(true);
    expect(['0.0.0.0:1', ':1', '[::]:1', '10.0.0.1:1'].some(local)).toBe(false);
  });
});
