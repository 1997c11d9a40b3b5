import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** From the SDK's objects to an OTLP request. */
export interface Encode {
  logs(records: ReadableLogRecord[]): Uint8Array;
  traces(spans: ReadableSpan[]): Uint8Array;
  metrics(metrics: ResourceMetrics): Uint8Array;
}

export function encode(encoding: 'protobuf' | 'json'): Encode {
  const [logs, traces, metrics] =
    encoding === 'json'
      ? ([JsonLogsSerializer, JsonTraceSerializer, JsonMetricsSerializer] as const)
      : ([ProtobufLogsSerializer, ProtobufTraceSerializer, ProtobufMetricsSerializer] as const);
  return {
    logs: (records) => given(logs.serializeRequest(records)),
    traces: (spans) => given(traces.serializeRequest(spans)),
    metrics: (points) => given(metrics.serializeRequest(points)),
  };
}

function given(request: Uint8Array | undefined): Uint8Array {
  if (request === undefined) throw new Error('the SDK made no request of its records');
  return request;
}
