import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateDirectory, hasOpenssl } from '../../../src/transport/tls/test-certificates.ts';
import { startProduct, type Product } from '../../otlp-rules/product.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe.skipIf(!hasCurl)('curl (needs it)', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-curl-'));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(scratch, name), content);
    return join(scratch, name);
  };
  const text = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}';
  const { bytes } = logsBatch([{ body: 'a' }]);
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ httpOptions: 'max_request_body_size: 4MiB' });
  });
  afterAll(async () => {
    await product.stop();
    rmSync(scratch, { recursive: true });
  });

  /** The status and the body. */
  async function curl(...args: string[]): Promise<[number, string]> {
    const { stdout } = await promisify(execFile)('curl', ['-sS', '-w', '\n%{http_code}', ...args]);
    const [, body, status] = /^([^]*)\n(\d+)$/.exec(stdout) as unknown as [string, string, string];
    return [Number(status), body];
  }
  const url = (): string => `http://${product.http}/v1/logs`;
  const json = ['-H', 'content-type: application/json'];
  const protobuf = ['-H', 'content-type: application/x-protobuf'];

  it('posts JSON and protobuf, plain, compressed and in chunks', async () => {
    const before = product.collected.length;
    expect(await curl(url(), ...json, '-d', text)).toEqual([200, '{}']);
    expect(await curl(url(), ...protobuf, '--data-binary', `@${file('a.pb', bytes)}`)).toEqual([200, '']);
    const packed = ['-H', 'content-encoding: gzip', '--data-binary', `@${file('a.gz', gzipSync(bytes))}`];
    expect(await curl(url(), ...protobuf, ...packed)).toEqual([200, '']);
    const chunked = ['-H', 'transfer-encoding: chunked', '--data-binary', `@${file('a.json', text)}`];
    expect(await curl(url(), ...json, ...chunked)).toEqual([200, '{}']);
    expect(await curl('--http1.0', url(), ...json, '-d', text)).toEqual([200, '{}']);
    expect(product.collected.slice(before).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
  });

  it('waits for 100 Continue, and is told of a body that is too large before it sends it', async () => {
    const expecting = ['-H', 'expect: 100-continue'];
    const fits = file('fits.pb', logsBatch([{ body: 'x'.repeat(2_000_000) }]).bytes);
    expect(await curl(url(), ...protobuf, ...expecting, '--data-binary', `@${fits}`)).toEqual([200, '']);
    const large = file('large.pb', Buffer.alloc(8_000_000));
    expect((await curl(url(), ...json, ...expecting, '--data-binary', `@${large}`))[0]).toBe(413);
  });

  it('is told what is wrong, in JSON', async () => {
    const [status, body] = await curl(url(), ...json, '-d', '{"resourceLogs":[');
    expect([status, (JSON.parse(body) as { code: number }).code]).toEqual([400, 3]);
    expect((await curl(url(), '-d', 'a=b'))[0]).toBe(415);
    expect((await curl(url()))[0]).toBe(405);
    expect((await curl(`http://${product.http}/v1/nothing`, ...json, '-d', text))[0]).toBe(404);
  });

  it('keeps its connection for further requests', async () => {
    const { stdout } = await promisify(execFile)('curl', [
      '-sS',
      '-w',
      '%{num_connects}',
      ...json,
      '-d',
      text,
      url(),
      '--next',
      '-sS',
      '-w',
      '%{num_connects}',
      ...json,
      '-d',
      text,
      url(),
    ]);
    expect(stdout).toBe('{}1{}0');
  });

  it.skipIf(!hasOpenssl)('speaks TLS with a name and a password, and with a client certificate', async () => {
    const certificates = new CertificateDirectory();
    const ca = certificates.authority('ca');
    const server = certificates.sign(ca, 'server', 'localhost');
    const client = certificates.sign(ca, 'client', 'curl');
    const secure = await startProduct({
      httpOptions: `auth: { authenticator: basicauth }, tls: { cert_file: '${server.cert}', key_file: '${server.key}', client_ca_file: '${ca.cert}' }`,
      extensions: { basicauth: '{ htpasswd: { inline: "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=" } }' },
    });
    const at = `https://localhost:${secure.http.split(':')[1]}/v1/logs`;
    const known = ['--cacert', ca.cert, '--cert', client.cert, '--key', client.key, ...json, '-d', text, at];
    try {
      expect(await curl('-u', 'alice:secret', ...known)).toEqual([200, '{}']);
      expect((await curl('-u', 'alice:secretx', ...known))[0]).toBe(401);
      expect((await curl(...known))[0]).toBe(401);
      await expect(curl('--cacert', ca.cert, '-u', 'alice:secret', ...json, '-d', text, at)).rejects.toThrow(
        'Command failed',
      );
      expect(secure.collected.map(({ meta }) => meta.identity)).toEqual(['alice']);
    } finally {
      await secure.stop();
      certificates.remove();
    }
  });
});
