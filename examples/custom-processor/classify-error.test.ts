import { decode } from 'sluice/plugin';
import { logsBatch, runProcessor } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import classifyError from './classify-error.ts';

const error = 17;

async function classesOf(bodies: readonly string[], config = {}): Promise<unknown[]> {
  const records = bodies.map((body) => ({ body, severityNumber: error }));
  const { batches } = await runProcessor(classifyError, config, [logsBatch(records)]);
  const scopes = batches.flatMap((batch) =>
    decode(batch as typeof batch & { signal: 'logs' }).resources.flatMap(({ scopes }) => scopes),
  );
  return scopes.flatMap(({ records }) => records).map(({ attributes }) => attributes.get('error.class'));
}

describe('classify_error', () => {
  it('names the kind of failure', async () => {
    expect(await classesOf(['request timed out', 'read ECONNRESET', 'worker ran out of memory'])).toEqual([
      'timeout',
      'network',
      'memory',
    ]);
  });

  it('says unknown where no words are known', async () => {
    expect(await classesOf(['oh no'])).toEqual(['unknown']);
  });

  it('sets the attribute that the configuration names', async () => {
    expect(await classesOf(['request timed out'], { field: 'kind' })).toEqual([undefined]);
  });

  it('leaves records alone that tell of no failure', async () => {
    const batch = logsBatch([{ body: 'timeout set to 5 s', severityNumber: 9 }]);
    const { batches } = await runProcessor(classifyError, {}, [batch]);
    expect(batches.map(({ bytes }) => bytes)).toEqual([batch.bytes]);
  });
});
