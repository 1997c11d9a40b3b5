/** A configuration with an OTLP receiver and exporters for logs; JSON is YAML, too. */
export interface Gateway {
  readonly http: number;
  readonly grpc?: number;
  /** Options by id. */
  readonly exporters: Readonly<Record<string, object>>;
  /** Folder of a `file_storage` that every sending queue is kept in. */
  readonly storage?: string;
  readonly deadLetters?: string;
  readonly limits?: object;
  /** Port of the page with our own metrics. */
  readonly metrics?: number;
}

const quickRetry = { initial_interval: '50ms', max_interval: '200ms' };

export function gatewayConfig(gateway: Gateway): string {
  const { http, grpc, storage, deadLetters, limits, metrics } = gateway;
  const protocols = {
    http: { endpoint: `127.0.0.1:${http}` },
    ...(grpc !== undefined && { grpc: { endpoint: `127.0.0.1:${grpc}` } }),
  };
  const pull = { exporter: { prometheus: { host: '127.0.0.1', port: metrics } } };
  return JSON.stringify({
    receivers: { otlp: { protocols } },
    exporters: Object.fromEntries(
      Object.entries(gateway.exporters).map(([id, options]) => [id, exporter(options, storage)]),
    ),
    ...(storage !== undefined && { extensions: { file_storage: { directory: storage } } }),
    service: {
      ...(storage !== undefined && { extensions: ['file_storage'] }),
      ...(deadLetters !== undefined && { dead_letters: { directory: deadLetters } }),
      ...(limits !== undefined && { limits }),
      telemetry: { metrics: metrics === undefined ? { level: 'none' } : { readers: [{ pull }] } },
      pipelines: { logs: { receivers: ['otlp'], exporters: Object.keys(gateway.exporters) } },
    },
  });
}

function exporter(options: object, storage: string | undefined): object {
  const { sending_queue, ...rest } = options as { sending_queue?: object };
  const queue = { ...(storage !== undefined && { storage: 'file_storage' }), ...sending_queue };
  return { retry_on_failure: quickRetry, timeout: '5s', compression: 'none', sending_queue: queue, ...rest };
}
