import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './near.ts';

describe('names that were probably meant', () => {
  it.each([
    ['endpont', 'endpoint'],
    ['enpdoint', 'endpoint'],
    ['end-point', 'endpoint'],
    ['Endpoint', 'endpoint'],
    ['sendingQueue', 'sending_queue'],
    ['tsl', 'tls'],
  ])('%s is near %s', (name, candidate) => {
    expect(nearest(name, ['headers', 'endpoint', 'sending_queue', 'tls'])).toBe(candidate);
  });

  it('are not guessed from afar', () => {
    expect(nearest('frobnicate', ['endpoint', 'headers'])).toBeUndefined();
    expect(didYouMean('x', [])).toEqual({});
  });

  it('are the closest of several', () => {
    expect(nearest('batches', ['patches', 'batch', 'batched'])).toBe('patches');
    expect(nearest('batch/smal', ['batch', 'batch/small'])).toBe('batch/small');
  });
});
