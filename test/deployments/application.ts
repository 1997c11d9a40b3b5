import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { openSdk, type Protocol } from '../interop/sdk/javascript.ts';

/** How many of each an application sends. */
export interface Workload {
  /** Traces of a span `http.requests` with a child `job.processing`. */
  readonly jobs: number;
  /** Failed spans `http.requests`, each with an exception and a log record of it. */
  readonly errors: number;
  /** Spans of operations that are not sampled. */
  readonly others: number;
}

/**
 * An application with the OpenTelemetry SDK, as deployment C has them: sampled operations, errors, a structured event for each
 * job, and the three kinds of metrics. Everything has a `job_id` from `prefix-0` on. Resolves when the SDK has sent it.
 */
export async function runApplication(
  protocol: Protocol,
  endpoint: string,
  prefix: string,
  { jobs, errors, others }: Workload,
): Promise<void> {
  const { tracing, logging, metering, shutdown } = openSdk(protocol, endpoint, {
    most: 4 * (jobs + errors + others),
    // The SDK's own default; it has at most 30 requests under way when it is shut down.
    perRequest: 512,
  });
  const tracer = tracing.getTracer('application');
  const logger = logging.getLogger('application');
  const meter = metering.getMeter('application');
  const completed = meter.createCounter('jobs.completed');
  const depth = meter.createGauge('queue.depth');
  const duration = meter.createHistogram('job.duration', { unit: 's' });
  for (let i = 0; i < jobs; i++) {
    const job = { job_id: `${prefix}-${i}`, correlation_id: `req-${i}` };
    const request = tracer.startSpan('http.requests', { attributes: job });
    const within = trace.setSpan(context.active(), request);
    tracer.startSpan('job.processing', { attributes: job }, within).end();
    request.end();
    const attributes = { ...job, machine_id: 'm-1', worker_id: 'w-1', duration: i / 10 };
    logger.emit({ eventName: 'job_completed', body: 'done', severityNumber: 9, attributes, context: within });
  }
  for (let i = 0; i < errors; i++) {
    const job = { job_id: `${prefix}-failed-${i}` };
    const request = tracer.startSpan('http.requests', { attributes: job });
    const error = new TypeError(`failed ${i}`);
    request.recordException(error);
    // Libraries mark a failure in either way.
    if (i % 2 === 0) request.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    else request.setAttribute('error.type', error.name);
    request.end();
    const exception = { 'exception.type': error.name, 'exception.message': error.message };
    logger.emit({
      body: error.message,
      severityNumber: 17,
      attributes: { ...job, ...exception },
      context: trace.setSpan(context.active(), request),
    });
  }
  for (let i = 0; i < others; i++)
    tracer.startSpan('machine.health', { attributes: { job_id: `${prefix}-other-${i}` } }).end();
  completed.add(jobs, { job_id: prefix });
  depth.record(7, { job_id: prefix });
  for (const seconds of [0.5, 1, 20]) duration.record(seconds, { job_id: prefix });
  await shutdown();
}
