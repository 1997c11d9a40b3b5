import { defineExtension } from 'sluice/plugin';
import { startClient } from './client.ts';
import { config } from './config.ts';
import { startServer } from './server.ts';

export default defineExtension({
  type: 'basicauth',
  summary: 'Authenticates with names and passwords, for receivers that check them and exporters that send them.',
  stability: 'beta',
  config,
  async start({ client_auth: client, htpasswd }, context) {
    if (htpasswd !== undefined) return await startServer(htpasswd, context);
    return client === undefined ? {} : await startClient(client, context);
  },
});
