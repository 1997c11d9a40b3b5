import type { Message } from '../../../oracle/otlp.ts';
import type { Random } from './random.ts';
import { attribute, idOf, methods, routes, statusCodes, timeOf } from './values.ts';

/** Points of one metric. */
const pointsPerMetric = 8;

/** Metrics with `count` points in all, about 130 bytes a point: gauges, sums, and every eighth metric a histogram. */
export function metricsOf(random: Random, count: number, firstSequence: number): Message[] {
  const metrics: Message[] = [];
  for (let at = 0; at < count; at += pointsPerMetric) {
    const dataPoints = Array.from({ length: Math.min(pointsPerMetric, count - at) }, (_unused, index) =>
      point(random, firstSequence + at + index),
    );
    metrics.push(metric(random, metrics.length % 8, dataPoints));
  }
  return metrics;
}

function point(random: Random, sequence: number): Message {
  return {
    attributes: [
      attribute('http.request.method', random.pick(methods)),
      attribute('http.route', random.pick(routes)),
      attribute('http.response.status_code', random.pick(statusCodes)),
    ],
    startTimeUnixNano: idOf(sequence),
    timeUnixNano: timeOf(random),
  };
}

function metric(random: Random, kind: number, points: readonly Message[]): Message {
  if (kind === 7) {
    const dataPoints = points.map((one) => ({ ...one, ...histogram(random) }));
    return { name: 'http.server.request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints } };
  }
  const dataPoints = points.map((one) => ({ ...one, asDouble: random.integer(1_000_000) / 1000 }));
  if (kind % 2 === 0) return { name: `http.server.active_requests.${kind}`, unit: '{request}', gauge: { dataPoints } };
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
  return { name: `http.server.requests.${kind}`, description: 'Requests that were answered.', unit: '{request}', sum };
}

const bounds = [0.005, 0.025, 0.1, 0.5, 2.5];

function histogram(random: Random): Message {
  const bucketCounts = Array.from({ length: bounds.length + 1 }, () => random.integer(50));
  const count = bucketCounts.reduce((sum, one) => sum + one, 0);
  return { count, sum: random.integer(1_000_000) / 1000, bucketCounts, explicitBounds: bounds };
}
