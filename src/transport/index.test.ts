import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('loads no library before something needs it', () => {
  const program = `
    import { createRequire } from 'node:module';
    const { createTransport } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
    const { httpClient } = createTransport({ logger: {}, clock: {} });
    httpClient({ config: { compression: 'gzip', headers: {}, tls: {} } });
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(loaded.filter((path) => /undici|grpc-js/.test(path)).length);
  `;
  const options = ['--conditions=@sluice/source', '--input-type=module', '--eval', program];
  const printed = execFileSync(process.execPath, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  expect(printed).toBe('0\n');
});
