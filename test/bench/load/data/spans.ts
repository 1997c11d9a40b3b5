import type { Message } from '../../../oracle/otlp.ts';
import type { Random } from './random.ts';
import { address, agent, attribute, idOf, isHealth, methods, routes, statusCodes, timeOf } from './values.ts';

/** A server span with eleven attributes and one event, about 650 bytes. Its id is the start time. */
export function span(random: Random, index: number, sequence: number): Message {
  const method = random.pick(methods);
  const route = isHealth(index) ? '/health' : random.pick(routes);
  const status = random.pick(statusCodes);
  const customer = random.integer(90_000);
  return {
    traceId: random.bytes(16),
    spanId: random.bytes(8),
    traceState: `shop=c${customer},vendor=t61rcWkgMzE`,
    parentSpanId: random.bytes(8),
    name: `${method} ${route}`,
    kind: 2,
    startTimeUnixNano: idOf(sequence),
    endTimeUnixNano: timeOf(random),
    attributes: [
      attribute('http.request.method', method),
      attribute('http.route', route),
      attribute('http.response.status_code', status),
      attribute('url.scheme', 'https'),
      attribute('url.full', `https://shop.example.com${route.replace('{id}', String(customer))}?page=${customer % 20}`),
      attribute('server.address', 'shop.example.com'),
      attribute('server.port', 443),
      attribute('client.address', address(random)),
      attribute('user_agent.original', agent(random)),
      attribute('network.protocol.version', '1.1'),
      attribute('enduser.id', `customer-${customer}`),
    ],
    events: [
      {
        timeUnixNano: timeOf(random),
        name: 'cache.lookup',
        attributes: [attribute('cache.hit', random.integer(3) > 0), attribute('cache.key', `session:${customer}`)],
      },
    ],
    status: status === 500 ? { message: 'upstream request failed', code: 2 } : {},
    flags: 257,
  };
}
