import { connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { logsBatch } from 'sluice/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { otlpMethods } from '../../src/plugin/index.ts';
import { RawClient } from '../../src/transport/http/raw-client.ts';
import { CertificateDirectory, hasOpenssl } from '../../src/transport/tls/test-certificates.ts';
import { freePorts } from '../interop/program.ts';
import { startProduct as startAnyProduct, type Product } from './product.ts';
import { callGrpc, callOn, sendHttp, statusIn } from './senders.ts';

describe.each(['lean', 'node'] as const)('with HTTP by %s', (httpTransport) => {
  const startProduct = (options: Parameters<typeof startAnyProduct>[0] = {}): Promise<Product> =>
    startAnyProduct({ ...options, httpTransport });

  const { bytes } = logsBatch([{ body: 'a' }]);
  const basic = (name: string, password: string): string =>
    `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  /** Of `U*U`. */
  const bcrypt = '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

  interface Scheme {
    readonly config: string;
    readonly good: string;
    readonly bad: Readonly<Record<string, string>>;
    readonly identity: string | undefined;
  }

  const schemes: Readonly<Record<string, Scheme>> = {
    bearertokenauth: {
      config: '{ tokens: [first, s3cret] }',
      good: 'Bearer s3cret',
      bad: {
        wrong: 'Bearer wrong',
        empty: 'Bearer ',
        'nothing at all': '',
        'one character longer': 'Bearer s3cretx',
        'one character shorter': 'Bearer s3cre',
        'of another scheme': basic('a', 's3cret'),
      },
      identity: undefined,
    },
    basicauth: {
      config: `{ htpasswd: { inline: "alice:s3cret" } }`,
      good: basic('alice', 's3cret'),
      bad: {
        wrong: basic('alice', 'wrong'),
        empty: basic('alice', ''),
        'nothing at all': '',
        'one character longer': basic('alice', 's3cretx'),
        'with a longer name': basic('alicex', 's3cret'),
        'with more than base64': `${basic('alice', 's3cret')}x`,
        'of another scheme': 'Bearer s3cret',
      },
      identity: 'alice',
    },
    'basicauth/bcrypt': {
      config: `{ htpasswd: { inline: "alice:${bcrypt}" } }`,
      good: basic('alice', 'U*U'),
      bad: {
        wrong: basic('alice', 'U*V'),
        empty: basic('alice', ''),
        'one character longer': basic('alice', 'U*Ux'),
        'the hash': basic('alice', bcrypt),
        'of somebody else': basic('bob', 'U*U'),
      },
      identity: 'alice',
    },
  };

  describe.each(Object.entries(schemes))('fault 56: %s', (id, { config, good, bad, identity }) => {
    const products = new Map<string, Product>();
    beforeAll(async () => {
      for (const implementation of ['lean', 'grpc_js']) {
        const auth = `auth: { authenticator: ${id} }`;
        products.set(
          implementation,
          await startProduct({
            grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}, ${auth}`,
            httpOptions: auth,
            extensions: { [id]: config },
          }),
        );
      }
    });
    afterAll(() => Promise.all([...products.values()].map((product) => product.stop())));
    const product = (implementation = 'lean'): Product => products.get(implementation) as Product;

    it.each(['lean', 'grpc_js'])('lets the right credentials in over gRPC by %s', async (implementation) => {
      const { grpc, collected } = product(implementation);
      const before = collected.length;
      for (let i = 0; i < 2; i++)
        expect(await callGrpc(grpc, bytes, { metadata: { authorization: good } })).toMatchObject({ code: 0 });
      expect(collected.slice(before).map(({ meta }) => meta.identity)).toEqual([identity, identity]);
    });

    it('lets the right credentials in over HTTP', async () => {
      const { http, collected } = product();
      const before = collected.length;
      expect((await sendHttp(http, { headers: { authorization: good }, body: bytes })).status).toBe(200);
      expect(collected.slice(before).map(({ meta }) => meta.identity)).toEqual([identity]);
    });

    it('refuses no credentials', async () => {
      const answer = await sendHttp(product().http, { body: bytes });
      expect([answer.status, statusIn(answer)?.code]).toEqual([401, 16]);
      expect(answer.headers['www-authenticate']).toMatch(id.startsWith('basic') ? /^Basic realm=/ : /^Bearer/);
      for (const { grpc } of products.values()) expect(await callGrpc(grpc, bytes)).toMatchObject({ code: 16 });
    });

    it.each(Object.entries(bad))('refuses credentials that are %s', async (_what, authorization) => {
      const before = [...products.values()].map(({ collected }) => collected.length);
      const answer = await sendHttp(product().http, { headers: { authorization }, body: bytes });
      expect([answer.status, statusIn(answer)?.code]).toEqual([401, 16]);
      for (const { grpc } of products.values())
        expect(await callGrpc(grpc, bytes, { metadata: { authorization } })).toMatchObject({ code: 16 });
      expect([...products.values()].map(({ collected }) => collected.length)).toEqual(before);
    });

    it('refuses two headers, one of which is right', async () => {
      const answer = await sendHttp(product().http, { headers: { Authorization: [good, 'Bearer x'] }, body: bytes });
      expect(answer.status).toBe(401);
    });

    it('refuses over HTTP before the body is there', async () => {
      const client = new RawClient(product().http);
      await client.write(
        'POST /v1/logs HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000000\r\n\r\n',
      );
      expect(await client.until('401 Unauthorized')).toContain('HTTP/1.1 401 Unauthorized');
      client.socket.destroy();
    });

    it.each(['lean', 'grpc_js'])('refuses over gRPC by %s before the body is there', async (implementation) => {
      const session = connectHttp2(`http://${product(implementation).grpc}`);
      const headers = {
        ':method': 'POST',
        ':path': otlpMethods.logs,
        'content-type': 'application/grpc',
        te: 'trailers',
      };
      const stream = session.request(headers);
      stream.on('error', () => {});
      const status = await new Promise((resolve) => {
        const look = (fields: IncomingHttpHeaders): void => {
          if (fields['grpc-status'] !== undefined) resolve(fields['grpc-status']);
        };
        stream.on('response', look);
        stream.on('trailers', look);
        stream.resume();
      });
      expect(status).toBe('16');
      stream.close(constants.NGHTTP2_NO_ERROR);
      session.destroy();
    });
  });

  describe('fault 56: other listeners and peers', () => {
    const cleanups: (() => unknown)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    });

    it('a health check with an authenticator refuses whom it does not know', async () => {
      const [port] = await freePorts(1);
      const product = await startProduct({
        extensions: {
          bearertokenauth: '{ token: s3cret }',
          health_check: `{ endpoint: '127.0.0.1:${port}', auth: { authenticator: bearertokenauth } }`,
        },
      });
      cleanups.push(() => product.stop());
      const statusOf = async (headers: Record<string, string>): Promise<number> =>
        (await sendHttp(`127.0.0.1:${port}`, { method: 'GET', path: '/', headers })).status;
      expect(await statusOf({})).toBe(401);
      expect(await statusOf({ authorization: 'Bearer ' })).toBe(401);
      expect(await statusOf({ authorization: 'Bearer s3cretx' })).toBe(401);
      expect(await statusOf({ authorization: 'Bearer s3cret' })).toBe(200);
    });

    it.each([
      ['bearertokenauth', "{ token: '' }", 'the token is empty'],
      ['basicauth', '{ htpasswd: { inline: "" } }', 'file or inline is required'],
      ['bearertokenauth', '{}', 'one of token, tokens and filename is required'],
    ])('%s: %s cannot be enforced, so nothing starts', async (id, config, message) => {
      const httpOptions = `auth: { authenticator: ${id} }`;
      await expect(startProduct({ httpOptions, extensions: { [id]: config } })).rejects.toThrow(message);
    });

    it('an authenticator that is not there is an error of the configuration', async () => {
      const httpOptions = 'auth: { authenticator: bearertokenauth }';
      await expect(startProduct({ httpOptions })).rejects.toThrow('is not defined');
      const extensions = { headers_setter: '{ headers: [{ key: a, value: b }], additional_auth: oauth2client }' };
      await expect(startProduct({ extensions })).rejects.toThrow('is not defined');
    });

    it.skipIf(!hasOpenssl)(
      'client certificates of another authority, and none, are refused on every protocol',
      async () => {
        const certificates = new CertificateDirectory();
        cleanups.push(() => certificates.remove());
        const ca = certificates.authority('ca');
        const other = certificates.authority('other');
        const server = certificates.sign(ca, 'server', 'localhost');
        const known = certificates.sign(ca, 'known', 'sender');
        const unknown = certificates.sign(other, 'unknown', 'sender');
        const tls = `tls: { cert_file: '${server.cert}', key_file: '${server.key}', client_ca_file: '${ca.cert}' }`;
        for (const implementation of ['lean', 'grpc_js']) {
          const product = await startProduct({
            grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}, ${tls}`,
            httpOptions: tls,
          });
          cleanups.push(() => product.stop());
          for (const [who, taken] of [
            [known, true],
            [unknown, false],
            [undefined, false],
          ] as const) {
            const pem = {
              ca: readFileSync(ca.cert),
              ...(who !== undefined && { cert: readFileSync(who.cert), key: readFileSync(who.key) }),
            };
            expect(await postTls(product.http, pem), `HTTP ${who?.cert}`).toBe(taken ? 200 : undefined);
            const client = new Client(
              product.grpc.replace('127.0.0.1', 'localhost'),
              credentials.createSsl(pem.ca, pem.key ?? null, pem.cert ?? null),
              { 'grpc.use_local_subchannel_pool': 1 },
            );
            expect((await callOn(client, bytes, { waitMs: 2000 })).code === 0, `gRPC ${who?.cert}`).toBe(taken);
            client.close();
          }
          expect(product.collected).toHaveLength(2);
        }
      },
    );
  });

  /** The status, or undefined where there is no connection. */
  function postTls(address: string, pem: https.RequestOptions): Promise<number | undefined> {
    const headers = { 'content-type': 'application/x-protobuf' };
    const options = {
      ...pem,
      host: 'localhost',
      port: address.split(':')[1],
      path: '/v1/logs',
      method: 'POST',
      headers,
    };
    return new Promise((resolve) => {
      const request = https.request({ ...options, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', () => resolve(undefined));
      request.end(bytes);
    });
  }
});
