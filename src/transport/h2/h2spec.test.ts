import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createServer } from './server.ts';
import { exchange, ok, quick } from './testing.ts';
import { certificate } from './testing-certificate.ts';

/** Built by `peers/go-peers.sh h2spec`. */
const h2spec = join(process.env['SLUICE_PEERS'] ?? join(homedir(), '.cache', 'sluice-peers'), 'h2spec');
const run = promisify(execFile);

describe.skipIf(!existsSync(h2spec))('h2spec, strict cases included', () => {
  it.each(['plain text', 'TLS'])('passes whole over %s', { timeout: 60_000 }, async (kind) => {
    const tls = kind === 'TLS' ? { tls: certificate() } : {};
    const server = createServer({
      limits: { ...quick, sweepInterval: 500 },
      maxConnections: 1000,
      ...tls,
      open: () => exchange(() => ({ ...ok, body: Buffer.from('a body that is long enough for small windows') })),
    });
    const address = await server.listen({ port: 0, host: '127.0.0.1' });
    const secure = kind === 'TLS' ? ['-t', '-k'] : [];
    const { stdout } = await run(h2spec, ['-S', '-p', address.split(':')[1] as string, '-o', '2', ...secure]).catch(
      (error: { stdout: string }) => error,
    );
    await server.close(0);
    expect(stdout).toMatch(/(\d+) tests, \1 passed, 0 skipped, 0 failed/);
  });
});
