import { defineReceiver, type Listener } from 'sluice/plugin';
import { accepting } from './accept.ts';
import { config } from './config.ts';
import { serveGrpc } from './grpc.ts';
import { serveHttp } from './http.ts';

export default defineReceiver({
  type: 'otlp',
  summary: 'Takes logs, traces and metrics over OTLP, by gRPC and by HTTP.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  sharing: 'port',
  async start({ protocols }, context) {
    const accept = accepting(context);
    const listeners: Listener[] = [];
    const closeAll = async (deadline: number): Promise<void> => {
      await Promise.all(listeners.map((listener) => listener.close(deadline)));
    };
    try {
      if (protocols.grpc !== undefined) listeners.push(await serveGrpc(protocols.grpc, context, accept));
      if (protocols.http !== undefined) listeners.push(await serveHttp(protocols.http, context, accept));
    } catch (error) {
      await closeAll(context.clock.now());
      throw error;
    }
    for (const { address } of listeners) context.logger.info({ address }, 'listening for otlp');
    return closeAll;
  },
});
