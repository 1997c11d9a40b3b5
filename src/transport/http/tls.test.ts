import { copyFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listener, ServerAuthenticator } from '../../plugin/index.ts';
import { configs, echo, logger, stop, transport } from '../testing.ts';
import { CertificateDirectory, hasOpenssl, type Signed } from '../tls/test-certificates.ts';

describe.skipIf(!hasOpenssl).each(['lean', 'node'])('HTTPS by %s', (implementation) => {
  let files: CertificateDirectory;
  let ca: Signed;
  let otherCa: Signed;
  let server: Signed;
  let sender: Signed;
  let stranger: Signed;
  beforeAll(() => {
    files = new CertificateDirectory();
    ca = files.authority('ca');
    otherCa = files.authority('other-ca');
    server = files.sign(ca, 'server', 'ingress.example');
    sender = files.sign(ca, 'sender', 'sender.example');
    stranger = files.sign(otherCa, 'stranger', 'sender.example');
  });
  afterAll(() => files.remove());

  const serve = (tls: object, auth?: ServerAuthenticator): Promise<Listener> => {
    const who = {
      ...echo,
      handler: (request: { readonly identity?: string }) => ({ status: 200, body: request.identity ?? '' }),
    };
    return transport.serveHttp({
      config: configs.httpServer({ transport: implementation, tls }),
      routes: [who],
      ...(auth !== undefined && { auth }),
    });
  };
  const identity = ({ cert, key }: Signed): object => ({ cert_file: cert, key_file: key });
  const post = async (listener: Listener, tls: object): Promise<string> => {
    const client = transport.httpClient({ config: configs.httpClient({ tls }) });
    try {
      const url = `https://${listener.address}/echo`;
      const { body } = await client.request({ url, body: Buffer.from('x'), signal: AbortSignal.timeout(5000) });
      return `ok ${Buffer.from(body).toString()}`.trim();
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.close();
    }
  };
  const trusting = { server_name_override: 'ingress.example' };

  it('trusts ca_file, verifies server_name_override, and refuses anything else', async () => {
    const listener = await serve(identity(server));
    expect(await post(listener, { ...trusting, ca_file: ca.cert })).toBe('ok');
    expect(await post(listener, { ca_file: ca.cert })).toMatch(/altnames|does not match/);
    expect(await post(listener, { ...trusting, ca_file: otherCa.cert })).toMatch(/certificate/);
    expect(await post(listener, trusting)).toMatch(/certificate/);
    expect(await post(listener, { insecure_skip_verify: true })).toBe('ok');
    await stop(listener);
  });

  it('asks clients for a certificate where client_ca_file is set, and tells authenticators whose it is', async () => {
    const auth = {
      challenge: 'mTLS',
      authenticate: ({ certificateSubject }: { certificateSubject?: string }) => ({
        identity: certificateSubject ?? 'nobody',
      }),
    };
    const listener = await serve({ ...identity(server), client_ca_file: ca.cert }, auth);
    const base = { ...trusting, ca_file: ca.cert };
    expect(await post(listener, { ...base, ...identity(sender) })).toBe('ok O=Acme,CN=sender.example');
    expect(await post(listener, base)).not.toContain('ok');
    expect(await post(listener, { ...base, ...identity(stranger) })).not.toContain('ok');
    await stop(listener);
  });

  it('speaks nothing older than min_version', async () => {
    const listener = await serve({ ...identity(server), min_version: '1.3' });
    expect(await post(listener, { ...trusting, ca_file: ca.cert, max_version: '1.2' })).toMatch(
      /protocol version|alert/i,
    );
    expect(await post(listener, { ...trusting, ca_file: ca.cert })).toBe('ok');
    await stop(listener);
  });

  it('takes up new certificates, and keeps the old ones while the files are broken', async () => {
    const live = { cert: `${files.path}/live.pem`, key: `${files.path}/live.key` };
    const install = ({ cert, key }: Signed): void => {
      copyFileSync(cert, live.cert);
      copyFileSync(key, live.key);
    };
    install(server);
    const listener = await serve({ ...identity(live), reload_interval: '20ms' });
    const fingerprint = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const [host, port] = listener.address.split(':');
        const socket = connect(
          { ...(host !== undefined && { host }), port: Number(port), rejectUnauthorized: false },
          () => {
            resolve(socket.getPeerCertificate().fingerprint256);
            socket.destroy();
          },
        );
        socket.on('error', reject);
      });
    const before = await fingerprint();
    writeFileSync(live.cert, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await fingerprint()).toBe(before);
    expect(JSON.stringify(logger.lines)).toContain('the old ones stay');
    install(files.sign(ca, 'renewed', 'ingress.example'));
    await expect.poll(fingerprint, { timeout: 3000 }).not.toBe(before);
    await stop(listener);
  });

  it('lets a client take up a new authority without a restart', async () => {
    const trusted = `${files.path}/trusted.pem`;
    copyFileSync(otherCa.cert, trusted);
    const listener = await serve(identity(server));
    const client = transport.httpClient({
      config: configs.httpClient({ tls: { ...trusting, ca_file: trusted, reload_interval: '20ms' } }),
    });
    const attempt = (): Promise<number> =>
      client
        .request({ url: `https://${listener.address}/echo`, body: Buffer.from('x'), signal: AbortSignal.timeout(1000) })
        .then(
          ({ status }) => status,
          () => 0,
        );
    expect(await attempt()).toBe(0);
    copyFileSync(ca.cert, trusted);
    await expect.poll(attempt, { timeout: 3000 }).toBe(200);
    await client.close();
    await stop(listener);
  });

  it('names the option at fault when it starts', async () => {
    await expect(serve({})).rejects.toThrow('tls: a server needs cert_file and key_file');
    await expect(serve({ cert_file: '/nowhere.pem', key_file: server.key })).rejects.toThrow(
      'tls.cert_file: cannot read /nowhere.pem',
    );
    await expect(serve({ cert_file: server.cert, key_file: sender.key })).rejects.toThrow(
      'tls: certificate and key do not work',
    );
    await expect(serve({ ...identity(server), client_ca_file: server.key })).rejects.toThrow(
      'no PEM certificate found',
    );
    await expect(serve({ ...identity(server), cipher_suites: ['TLS_NONSENSE'] })).rejects.toThrow(
      'unknown cipher suite "TLS_NONSENSE"',
    );
    expect(() => transport.httpClient({ config: configs.httpClient({ tls: { ca_file: '/nowhere.pem' } }) })).toThrow(
      'tls.ca_file: cannot read /nowhere.pem',
    );
  });

  it('takes cipher suites by the names that the Collector uses', async () => {
    const suites = [
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_RSA_WITH_AES_128_CBC_SHA',
    ];
    const listener = await serve({ ...identity(server), cipher_suites: suites, max_version: '1.2' });
    expect(await post(listener, { ...trusting, ca_file: ca.cert })).toBe('ok');
    await stop(listener);
  });
});
