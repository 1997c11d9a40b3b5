import type { Message } from '../../../oracle/otlp.ts';
import type { Random } from './random.ts';
import { address, agent, attribute, idOf, isDebug, isHealth, methods, routes, statusCodes, timeOf } from './values.ts';

/** A log record with six attributes, about 350 bytes. Its id is the observed time. */
export function logRecord(random: Random, index: number, sequence: number): Message {
  const method = random.pick(methods);
  const route = isHealth(index) ? '/health' : random.pick(routes);
  const status = random.pick(statusCodes);
  const took = random.integer(90_000) / 100;
  const [severityNumber, severityText] = isDebug(index) ? [5, 'DEBUG'] : status === 500 ? [17, 'ERROR'] : [9, 'INFO'];
  return {
    timeUnixNano: timeOf(random),
    severityNumber,
    severityText,
    body: {
      stringValue: `${method} ${route} for customer ${random.integer(90_000)} ended with ${status} after ${took} ms`,
    },
    attributes: [
      attribute('http.request.method', method),
      attribute('http.route', route),
      attribute('http.response.status_code', status),
      attribute('client.address', address(random)),
      attribute('user_agent.original', agent(random)),
      attribute('duration_ms', { double: took }),
    ],
    flags: 1,
    traceId: random.bytes(16),
    spanId: random.bytes(8),
    observedTimeUnixNano: idOf(sequence),
  };
}
