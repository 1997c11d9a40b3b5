import { defineExporter, type ClientAuthenticator, type Context } from 'sluice/plugin';
import { config, type Config } from './config.ts';
import { endpointOfRegion, isPlainText } from './endpoint.ts';
import { LimitGuard } from './limits/guard.ts';
import { Refusals } from './refusal.ts';
import { Token } from './token.ts';
import { overGrpc, overHttp } from './wire.ts';

export default defineExporter({
  type: 'dash0',
  summary: 'Sends logs, traces and metrics to Dash0, over gRPC or HTTP.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  timeout: '10s',
  async start(options, context) {
    const { protocol, dataset, limits } = options;
    const endpoint = options.endpoint ?? endpointOfRegion(options.region as string, protocol);
    warnOfPlainText(endpoint, options, context);
    const token = await Token.open(options, context);
    const open = protocol === 'grpc' ? overGrpc : overHttp;
    const wire = open({
      config: options,
      endpoint,
      auth: authenticator(token, dataset),
      refusals: new Refusals(dataset, context),
      context,
    });
    const guard = limits.enabled ? new LimitGuard(limits, context) : undefined;
    return {
      send: (batch, { signal }) => wire.send(guard?.apply(batch) ?? batch, signal),
      async stop() {
        token.close();
        guard?.close();
        await wire.close();
      },
    };
  },
});

/** The two headers. The dataset `default` is the one that data goes to without a header. */
function authenticator(token: Token, dataset: string): ClientAuthenticator {
  const fixed = dataset === 'default' ? {} : { 'dash0-dataset': dataset };
  return { headers: () => ({ authorization: `Bearer ${token.current}`, ...fixed }) };
}

function warnOfPlainText(endpoint: string, { tls }: Config, { logger }: Context): void {
  if (isPlainText(endpoint, tls.insecure)) logger.warn({}, 'the token goes over the network unencrypted');
}
