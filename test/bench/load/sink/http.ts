import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signal } from '../../../../src/wire/index.ts';
import { inflate } from './inflate.ts';
import type { Ledger } from './ledger.ts';

const answer = { 'content-type': 'application/x-protobuf', 'content-length': '0' };

/** Resolves to `host:port`. */
export async function serveHttp(ledger: Ledger): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      ledger.add(signalOf(request), inflate(body, request.headers['content-encoding']), body.length);
      response.writeHead(200, answer).end();
    });
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function signalOf({ url }: IncomingMessage): Signal {
  return url === '/v1/traces' ? 'traces' : url === '/v1/metrics' ? 'metrics' : 'logs';
}
