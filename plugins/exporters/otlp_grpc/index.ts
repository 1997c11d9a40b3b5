import { defineExporter, grpcClientFields, otlpMethods, partialSuccess, z } from 'sluice/plugin';
import { errorOf } from './answer.ts';

export default defineExporter({
  type: 'otlp_grpc',
  aliases: ['otlp'],
  summary: 'Sends logs, traces and metrics over OTLP by gRPC.',
  stability: 'beta',
  config: z.strictObject(grpcClientFields),
  signals: ['logs', 'traces', 'metrics'],
  start(config, context) {
    const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'clientAuth');
    const client = context.transport.grpcClient({ config, ...(auth !== undefined && { auth }) });
    return {
      async send(batch, { signal }) {
        const answer = await client.call({ method: otlpMethods[batch.signal], message: batch.bytes, signal, batch });
        if (!(answer instanceof Uint8Array)) throw errorOf(answer);
        try {
          return partialSuccess(answer);
        } catch (error) {
          // The data is there; to send it again would double it.
          context.logger.warn({ reason: (error as Error).message }, 'delivered, but the answer cannot be read');
          return undefined;
        }
      },
      stop: () => client.close(),
    };
  },
});
