import { httpServer, type Listener, type Transport } from '../../plugin/index.ts';
import { prometheusText } from './exposition.ts';
import type { MetricRegistry } from './registry.ts';

/** Serves the service's own metrics at `/metrics`. */
export function serveMetrics(transport: Transport, registry: MetricRegistry, endpoint: string): Promise<Listener> {
  return transport.serveHttp({
    config: httpServer(endpoint).parse({}),
    routes: [
      {
        method: 'GET',
        path: '/metrics',
        handler: () => ({
          status: 200,
          headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
          body: prometheusText(registry.snapshot()),
        }),
      },
    ],
  });
}
