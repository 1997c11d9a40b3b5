/**
 * Every message of OTLP 1.x (opentelemetry-proto v1.7, plus what later releases added to the three signals) as one table.
 * The structural check, the JSON transcoder and the generated record codec all read it; nothing else lists fields.
 */

/** How a field is written. `message` fields name their type; `enum` fields name their values. */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'hex' // bytes that JSON writes as lower-case hex: trace and span ids
  | 'bool'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'sint32'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | 'enum'
  | 'message';

export interface Field {
  readonly number: number;
  /** lowerCamelCase, as OTLP/JSON spells it. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly repeated: boolean;
  /** Written even when it is zero: members of a oneof and `optional` fields. */
  readonly presence: boolean;
  /** One of the members of the message's oneof: at most one of them is set. No message has two of them. */
  readonly oneof: boolean;
  /** The message type, for kind `message`. */
  readonly type?: MessageName;
  /** The enum, for kind `enum`. */
  readonly values?: EnumName;
}

const enums = {
  SeverityNumber: severities(),
  SpanKind: named('SPAN_KIND_', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']),
  StatusCode: named('STATUS_CODE_', ['UNSET', 'OK', 'ERROR']),
  AggregationTemporality: named('AGGREGATION_TEMPORALITY_', ['UNSPECIFIED', 'DELTA', 'CUMULATIVE']),
} satisfies Record<string, readonly string[]>;

export type EnumName = keyof typeof enums;

/** The names of an enum, by number. */
export const enumValues: Readonly<Record<EnumName, readonly string[]>> = enums;

function named(prefix: string, names: readonly string[]): readonly string[] {
  return names.map((name) => prefix + name);
}

function severities(): readonly string[] {
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  return named('SEVERITY_NUMBER_', [
    'UNSPECIFIED',
    ...levels.flatMap((level) => [level, level + 2, level + 3, level + 4]),
  ]);
}

// `number name: kind`, the way a .proto file reads. A capital starts a message or enum type; `[]` repeats;
// `?` has presence, and so has `|`, one of the message's oneof.
const definitions = {
  AnyValue: `
    1 stringValue|: string
    2 boolValue|: bool
    3 intValue|: int64
    4 doubleValue|: double
    5 arrayValue|: ArrayValue
    6 kvlistValue|: KeyValueList
    7 bytesValue|: bytes`,
  ArrayValue: `1 values: AnyValue[]`,
  KeyValueList: `1 values: KeyValue[]`,
  KeyValue: `
    1 key: string
    2 value: AnyValue`,
  EntityRef: `
    1 schemaUrl: string
    2 type: string
    3 idKeys: string[]
    4 descriptionKeys: string[]`,
  InstrumentationScope: `
    1 name: string
    2 version: string
    3 attributes: KeyValue[]
    4 droppedAttributesCount: uint32`,
  Resource: `
    1 attributes: KeyValue[]
    2 droppedAttributesCount: uint32
    3 entityRefs: EntityRef[]`,

  ExportLogsServiceRequest: `1 resourceLogs: ResourceLogs[]`,
  ResourceLogs: `
    1 resource: Resource
    2 scopeLogs: ScopeLogs[]
    3 schemaUrl: string`,
  ScopeLogs: `
    1 scope: InstrumentationScope
    2 logRecords: LogRecord[]
    3 schemaUrl: string`,
  LogRecord: `
    1 timeUnixNano: fixed64
    2 severityNumber: SeverityNumber
    3 severityText: string
    5 body: AnyValue
    6 attributes: KeyValue[]
    7 droppedAttributesCount: uint32
    8 flags: fixed32
    9 traceId: hex
    10 spanId: hex
    11 observedTimeUnixNano: fixed64
    12 eventName: string`,

  ExportTraceServiceRequest: `1 resourceSpans: ResourceSpans[]`,
  ResourceSpans: `
    1 resource: Resource
    2 scopeSpans: ScopeSpans[]
    3 schemaUrl: string`,
  ScopeSpans: `
    1 scope: InstrumentationScope
    2 spans: Span[]
    3 schemaUrl: string`,
  Span: `
    1 traceId: hex
    2 spanId: hex
    3 traceState: string
    4 parentSpanId: hex
    5 name: string
    6 kind: SpanKind
    7 startTimeUnixNano: fixed64
    8 endTimeUnixNano: fixed64
    9 attributes: KeyValue[]
    10 droppedAttributesCount: uint32
    11 events: Event[]
    12 droppedEventsCount: uint32
    13 links: Link[]
    14 droppedLinksCount: uint32
    15 status: Status
    16 flags: fixed32`,
  Event: `
    1 timeUnixNano: fixed64
    2 name: string
    3 attributes: KeyValue[]
    4 droppedAttributesCount: uint32`,
  Link: `
    1 traceId: hex
    2 spanId: hex
    3 traceState: string
    4 attributes: KeyValue[]
    5 droppedAttributesCount: uint32
    6 flags: fixed32`,
  Status: `
    2 message: string
    3 code: StatusCode`,

  ExportMetricsServiceRequest: `1 resourceMetrics: ResourceMetrics[]`,
  ResourceMetrics: `
    1 resource: Resource
    2 scopeMetrics: ScopeMetrics[]
    3 schemaUrl: string`,
  ScopeMetrics: `
    1 scope: InstrumentationScope
    2 metrics: Metric[]
    3 schemaUrl: string`,
  Metric: `
    1 name: string
    2 description: string
    3 unit: string
    5 gauge|: Gauge
    7 sum|: Sum
    9 histogram|: Histogram
    10 exponentialHistogram|: ExponentialHistogram
    11 summary|: Summary
    12 metadata: KeyValue[]`,
  Gauge: `1 dataPoints: NumberDataPoint[]`,
  Sum: `
    1 dataPoints: NumberDataPoint[]
    2 aggregationTemporality: AggregationTemporality
    3 isMonotonic: bool`,
  Histogram: `
    1 dataPoints: HistogramDataPoint[]
    2 aggregationTemporality: AggregationTemporality`,
  ExponentialHistogram: `
    1 dataPoints: ExponentialHistogramDataPoint[]
    2 aggregationTemporality: AggregationTemporality`,
  Summary: `1 dataPoints: SummaryDataPoint[]`,
  NumberDataPoint: `
    2 startTimeUnixNano: fixed64
    3 timeUnixNano: fixed64
    4 asDouble|: double
    5 exemplars: Exemplar[]
    6 asInt|: sfixed64
    7 attributes: KeyValue[]
    8 flags: uint32`,
  HistogramDataPoint: `
    2 startTimeUnixNano: fixed64
    3 timeUnixNano: fixed64
    4 count: fixed64
    5 sum?: double
    6 bucketCounts: fixed64[]
    7 explicitBounds: double[]
    8 exemplars: Exemplar[]
    9 attributes: KeyValue[]
    10 flags: uint32
    11 min?: double
    12 max?: double`,
  ExponentialHistogramDataPoint: `
    1 attributes: KeyValue[]
    2 startTimeUnixNano: fixed64
    3 timeUnixNano: fixed64
    4 count: fixed64
    5 sum?: double
    6 scale: sint32
    7 zeroCount: fixed64
    8 positive: Buckets
    9 negative: Buckets
    10 flags: uint32
    11 exemplars: Exemplar[]
    12 min?: double
    13 max?: double
    14 zeroThreshold: double`,
  Buckets: `
    1 offset: sint32
    2 bucketCounts: uint64[]`,
  SummaryDataPoint: `
    2 startTimeUnixNano: fixed64
    3 timeUnixNano: fixed64
    4 count: fixed64
    5 sum: double
    6 quantileValues: ValueAtQuantile[]
    7 attributes: KeyValue[]
    8 flags: uint32`,
  ValueAtQuantile: `
    1 quantile: double
    2 value: double`,
  Exemplar: `
    2 timeUnixNano: fixed64
    3 asDouble|: double
    4 spanId: hex
    5 traceId: hex
    6 asInt|: sfixed64
    7 filteredAttributes: KeyValue[]`,
} satisfies Record<string, string>;

export type MessageName = keyof typeof definitions;

const fieldLine = /^(\d+) (\w+)([?|])?: (\w+)(\[\])?$/;

function parseFields(text: string): readonly Field[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, number, name, presence, type = '', repeated] = fieldLine.exec(line.trim()) as unknown as [
        string,
        string,
        string,
        string?,
        string?,
        string?,
      ];
      const shape = {
        number: Number(number),
        name,
        repeated: repeated !== undefined,
        presence: presence !== undefined,
        oneof: presence === '|',
      };
      if (type in enums) return { ...shape, kind: 'enum', values: type as EnumName };
      if (type in definitions) return { ...shape, kind: 'message', type: type as MessageName, presence: true };
      return { ...shape, kind: type as FieldKind };
    });
}

/** The wire type of one value of each kind. */
export const wireTypes: Readonly<Record<FieldKind, 0 | 1 | 2 | 5>> = {
  string: 2,
  bytes: 2,
  hex: 2,
  message: 2,
  bool: 0,
  uint32: 0,
  int64: 0,
  uint64: 0,
  sint32: 0,
  enum: 0,
  fixed32: 5,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
};

/** All messages with their fields in ascending order of number. */
export const messages: Readonly<Record<MessageName, readonly Field[]>> = Object.fromEntries(
  Object.entries(definitions).map(([name, text]) => [name, parseFields(text)]),
) as Record<MessageName, readonly Field[]>;

/** Where a signal's messages stand: request -> resource -> scope -> record. */
export const signalMessages = {
  logs: { request: 'ExportLogsServiceRequest', resource: 'ResourceLogs', scope: 'ScopeLogs', record: 'LogRecord' },
  traces: { request: 'ExportTraceServiceRequest', resource: 'ResourceSpans', scope: 'ScopeSpans', record: 'Span' },
  metrics: {
    request: 'ExportMetricsServiceRequest',
    resource: 'ResourceMetrics',
    scope: 'ScopeMetrics',
    record: 'Metric',
  },
} as const satisfies Record<string, Record<'request' | 'resource' | 'scope' | 'record', MessageName>>;
