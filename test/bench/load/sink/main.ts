/** The sink, a process of its own: takes OTLP by gRPC and HTTP, answers OK and keeps the books. */
import { serveGrpc } from './grpc.ts';
import { serveHttp } from './http.ts';
import { Ledger, type Expected } from './ledger.ts';

const ledger = new Ledger();
process.on('SIGINT', () => process.exit());
process.on('disconnect', () => process.exit());
process.on('message', (asked: 'reset' | 'progress' | Expected) => {
  if (asked === 'reset') ledger.reset();
  const { records, requests, bytes } = ledger;
  process.send?.(typeof asked === 'string' ? { records, requests, bytes } : ledger.verify(asked));
});
process.send?.({ grpc: await serveGrpc(ledger), http: await serveHttp(ledger) });
