import { defineExtension, httpClientFields, z } from 'sluice/plugin';
import { config } from './config.ts';
import { TokenRequest } from './token-request.ts';
import { TokenSource } from './token-source.ts';

export default defineExtension({
  type: 'oauth2client',
  summary: 'Gets tokens by the client credentials flow of OAuth 2.0 and adds them to what exporters send.',
  stability: 'beta',
  config,
  start(options, context) {
    const plain = z.strictObject(httpClientFields).parse({ compression: 'none' });
    const client = context.transport.httpClient({ config: { ...plain, tls: options.tls } });
    const request = new TokenRequest(options, client);
    const fetch = (): ReturnType<TokenRequest['token']> => {
      const late = options.timeout > 0 ? [AbortSignal.timeout(options.timeout)] : [];
      return request.token(AbortSignal.any([context.signal, ...late]));
    };
    const source = new TokenSource(fetch, options.expiry_buffer, context);
    return {
      provides: { clientAuth: { headers: async () => ({ authorization: await source.authorization() }) } },
      stop: () => client.close(),
    };
  },
});
