import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { TracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace';

export type Protocol = 'http/protobuf' | 'http/json' | 'grpc';

const exporters = {
  'http/protobuf': { Logs: ProtoLogs, Traces: ProtoTraces, Metrics: ProtoMetrics },
  'http/json': { Logs: JsonLogs, Traces: JsonTraces, Metrics: JsonMetrics },
  grpc: { Logs: GrpcLogs, Traces: GrpcTraces, Metrics: GrpcMetrics },
} as const;

/** The providers of the SDK, with exporters for a protocol. */
export interface Sdk {
  readonly tracing: TracerProvider;
  readonly logging: LoggerProvider;
  readonly metering: MeterProvider;
  /** Sends what is left. A flush before it would have the metrics sent twice. */
  readonly shutdown: () => Promise<void>;
}

/** `most` spans or log records may wait in the SDK. */
export function openSdk(
  protocol: Protocol,
  endpoint: string,
  { most, perRequest }: { readonly most: number; readonly perRequest: number },
): Sdk {
  const url = (path: string): string => (protocol === 'grpc' ? endpoint : `${endpoint}/v1/${path}`);
  const { Logs, Traces, Metrics } = exporters[protocol];
  const queue = { maxQueueSize: most, maxExportBatchSize: perRequest, scheduledDelayMillis: 50 };
  const tracing = new TracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter: new Traces({ url: url('traces') }), ...queue })],
  });
  const logging = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: new Logs({ url: url('logs') }), ...queue })],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new Metrics({ url: url('metrics') }),
    exportIntervalMillis: 600_000,
  });
  const metering = new MeterProvider({ readers: [reader] });
  const shutdown = async (): Promise<void> => {
    await Promise.all([tracing.shutdown(), logging.shutdown(), metering.shutdown()]);
  };
  return { tracing, logging, metering, shutdown };
}

/**
 * Sends `count` logs, spans and data points through the OpenTelemetry SDK for JavaScript, each with an attribute `id` from
 * `prefix-0` on. Resolves when the SDK has handed everything over.
 */
export async function sendWithJavaScript(
  protocol: Protocol,
  endpoint: string,
  prefix: string,
  count: number,
): Promise<void> {
  const { tracing, logging, metering, shutdown } = openSdk(protocol, endpoint, { most: count * 2, perRequest: 100 });
  const tracer = tracing.getTracer('interop');
  const logger = logging.getLogger('interop');
  const counter = metering.getMeter('interop').createCounter('sent');
  for (let i = 0; i < count; i++) {
    const id = `${prefix}-${i}`;
    tracer.startSpan('span', { attributes: { id } }).end();
    logger.emit({ body: `line ${i}`, attributes: { id } });
    counter.add(i + 1, { id });
  }
  await shutdown();
}
