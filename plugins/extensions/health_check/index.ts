import { defineExtension, httpServerFields, z } from 'sluice/plugin';
import { statusBody } from './body.ts';

const config = z.strictObject({
  ...httpServerFields('localhost:13133'),
  path: z.string().startsWith('/').default('/').describe('Path that is answered.'),
  response_body: z
    .strictObject({
      healthy: z.string().optional().describe('Answer while the service is ready, in place of the JSON status.'),
      unhealthy: z.string().optional().describe('Answer while it is not.'),
    })
    .prefault({})
    .describe('Fixed answers.'),
});

export default defineExtension({
  type: 'health_check',
  summary: 'Answers over HTTP whether the service is ready, for load balancers and Kubernetes probes.',
  stability: 'stable',
  config,
  async start({ path, response_body: fixed, ...server }, context) {
    const listener = await context.transport.serveHttp({
      config: server,
      ...(server.auth !== undefined && { auth: context.extension(server.auth.authenticator, 'serverAuth') }),
      routes: [
        {
          method: 'GET',
          path,
          handler() {
            const health = context.health();
            const text = health.ready ? fixed.healthy : fixed.unhealthy;
            return {
              status: health.ready ? 200 : 503,
              headers: { 'content-type': text === undefined ? 'application/json' : 'text/plain; charset=utf-8' },
              body: text ?? statusBody(health, context.clock.now()),
            };
          },
        },
      ],
    });
    context.logger.info({ address: listener.address, path }, 'health check listens');
    return { stop: (deadline) => listener.close(deadline) };
  },
});
