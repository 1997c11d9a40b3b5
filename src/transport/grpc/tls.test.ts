import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rpcCodes, type GrpcServerOptions, type GrpcStatus } from '../../plugin/index.ts';
import { configs, logger, stop, transport, serverTransportOf } from '../testing.ts';
import { CertificateDirectory, hasOpenssl, type Signed } from '../tls/test-certificates.ts';
import { implementations } from './index.ts';

const method = '/test.Service/Call';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe.skipIf(!hasOpenssl).each(Object.keys(implementations))('gRPC over TLS by %s', (implementation) => {
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

  const identity = ({ cert, key }: Signed): object => ({ cert_file: cert, key_file: key });
  const serve = async (tls: object, rest: Partial<GrpcServerOptions> = {}): Promise<string> => {
    const methods: GrpcServerOptions['methods'] = {
      [method]: async (request) => Buffer.from(`ok ${request.identity ?? ''}`.trim()),
    };
    const listener = await transport.serveGrpc({
      config: configs.grpcServer({ transport: serverTransportOf(implementation), tls }),
      methods,
      ...rest,
    });
    cleanups.push(() => stop(listener));
    return listener.address;
  };
  const connect = (address: string, tls: object) => {
    const client = transport.grpcClient({ config: configs.grpcClient(address, { transport: implementation, tls }) });
    cleanups.push(() => client.close());
    return async (): Promise<string | GrpcStatus> => {
      const answer = await client.call({ method, message: new Uint8Array(1), signal: AbortSignal.timeout(4000) });
      return answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer;
    };
  };
  const unavailable = { code: rpcCodes.UNAVAILABLE };

  it('trusts ca_file, verifies server_name_override, and refuses anything else', async () => {
    const address = await serve(identity(server));
    const named = { ca_file: ca.cert, server_name_override: 'ingress.example' };
    expect(await connect(address, named)()).toBe('ok');
    expect(await connect(`https://${address}`, { ...named, insecure: true })()).toBe('ok');
    expect(await connect(address, { insecure_skip_verify: true })()).toBe('ok');
    expect(await connect(address, { ca_file: ca.cert })()).toMatchObject(unavailable);
    expect(await connect(address, { ...named, ca_file: otherCa.cert })()).toMatchObject(unavailable);
    expect(await connect(address, { insecure: true })()).toMatchObject(unavailable);
  });

  it('is understood by a foreign client', async () => {
    const address = await serve({ ...identity(server), client_ca_file: ca.cert });
    const security = credentials.createSsl(readFileSync(ca.cert), readFileSync(sender.key), readFileSync(sender.cert));
    const client = new Client(address, security, { 'grpc.ssl_target_name_override': 'ingress.example' });
    cleanups.push(() => client.close());
    const pass = (bytes: Buffer): Buffer => bytes;
    const answer = await new Promise((resolve) => {
      client.makeUnaryRequest(method, pass, pass, Buffer.from('x'), (error, bytes) =>
        resolve(error ?? bytes?.toString()),
      );
    });
    expect(answer).toBe('ok');
  });

  it('asks clients for a certificate where client_ca_file is set, and tells authenticators whose it is', async () => {
    const auth: NonNullable<GrpcServerOptions['auth']> = {
      challenge: 'mTLS',
      authenticate: (facts) => ({ identity: facts.certificateSubject ?? 'nobody' }),
    };
    const address = await serve({ ...identity(server), client_ca_file: ca.cert }, { auth });
    const named = { ca_file: ca.cert, server_name_override: 'ingress.example' };
    expect(await connect(address, { ...named, ...identity(sender) })()).toBe('ok O=Acme,CN=sender.example');
    expect(await connect(address, named)()).toMatchObject(unavailable);
    expect(await connect(address, { ...named, ...identity(stranger) })()).toMatchObject(unavailable);
  });

  it('speaks nothing older than min_version', async () => {
    const address = await serve({ ...identity(server), min_version: '1.3' });
    const named = { ca_file: ca.cert, server_name_override: 'ingress.example' };
    expect(await connect(address, { ...named, max_version: '1.2' })()).toMatchObject(unavailable);
    expect(await connect(address, named)()).toBe('ok');
  });

  it('takes up new certificates and authorities on both sides, and keeps the old while files are broken', async () => {
    const live = { cert: `${files.path}/${implementation}.pem`, key: `${files.path}/${implementation}.key` };
    const trusted = `${files.path}/${implementation}-ca.pem`;
    const install = ({ cert, key }: Signed): void => {
      copyFileSync(cert, live.cert);
      copyFileSync(key, live.key);
    };
    install(server);
    copyFileSync(ca.cert, trusted);
    const address = await serve({ ...identity(live), reload_interval: '20ms' });
    const named = { server_name_override: 'ingress.example', reload_interval: '20ms' };
    const kept = connect(address, { ...named, ca_file: trusted });
    expect(await kept()).toBe('ok');
    writeFileSync(live.cert, 'broken');
    await expect.poll(() => JSON.stringify(logger.lines), { timeout: 2000 }).toContain('the old ones stay');
    expect(await connect(address, { ...named, ca_file: ca.cert })()).toBe('ok');
    install(files.sign(otherCa, 'renewed', 'ingress.example'));
    const fresh = () => connect(address, { ...named, ca_file: otherCa.cert })();
    await expect.poll(fresh, { timeout: 4000 }).toBe('ok');
    copyFileSync(otherCa.cert, trusted);
    await expect.poll(kept, { timeout: 4000 }).toBe('ok');
  });

  it('names the option at fault when it starts', async () => {
    await expect(serve({ cert_file: '/nowhere.pem', key_file: server.key })).rejects.toThrow(
      'tls.cert_file: cannot read /nowhere.pem',
    );
    expect(() => connect('a:1', { ca_file: server.key })).toThrow('no PEM certificate found');
  });
});
