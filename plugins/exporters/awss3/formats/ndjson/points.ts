import { jsonShape, type JsonMember, type JsonShape, type RecordScan } from 'sluice/plugin';
import { arrival, attributes, ids, type WriteRecord } from './members.ts';

const time = 3;

const temporality: JsonMember = {
  name: 'temporality',
  field: 2,
  as: 'names',
  names: ['""', '"delta"', '"cumulative"'],
};
const counted: readonly JsonMember[] = [
  { name: 'count', field: 4, as: 'fixed64', always: true },
  { name: 'sum', field: 5, as: 'double' },
];
// Of both kinds of number, the one that is set; a point without a value has none.
const single: readonly JsonMember[] = [
  { name: 'value', field: 6, as: 'sfixed64' },
  { name: 'value', field: 4, as: 'double', instead: true },
];
const bucketsOf = (side: string): JsonShape =>
  jsonShape([
    { name: `${side}_offset`, field: 1, as: 'sint32', always: true },
    { name: `${side}_counts`, field: 2, as: 'numbers', of: 'uint64' },
  ]);
const quantile = jsonShape([
  { name: 'quantile', field: 1, as: 'double', always: true },
  { name: 'value', field: 2, as: 'double', always: true },
]);
const exemplar = jsonShape(
  [
    { name: 'timestamp', field: 2, as: 'time' },
    { name: 'value', field: 3, as: 'double' },
    { name: 'value', field: 6, as: 'sfixed64' },
    ...ids(5, 4),
    attributes,
  ],
  7,
);

/** What is written about points of one kind. */
interface Kind {
  readonly type: string;
  /** Of what the metric says of all its points. */
  readonly about?: JsonShape;
  readonly values: JsonShape['members'];
  readonly exemplars?: number;
}

/** By the field of the metric in which the points stand. */
const kinds: Readonly<Record<number, Kind>> = {
  5: { type: 'gauge', values: single, exemplars: 5 },
  7: {
    type: 'sum',
    about: jsonShape([temporality, { name: 'monotonic', field: 3, as: 'bool' }]),
    values: single,
    exemplars: 5,
  },
  9: {
    type: 'histogram',
    about: jsonShape([temporality]),
    values: [
      ...counted,
      { name: 'min', field: 11, as: 'double' },
      { name: 'max', field: 12, as: 'double' },
      { name: 'bucket_counts', field: 6, as: 'numbers', of: 'fixed64' },
      { name: 'explicit_bounds', field: 7, as: 'numbers', of: 'double' },
    ],
    exemplars: 8,
  },
  10: {
    type: 'exponential_histogram',
    about: jsonShape([temporality]),
    values: [
      ...counted,
      { name: 'min', field: 12, as: 'double' },
      { name: 'max', field: 13, as: 'double' },
      { name: 'scale', field: 6, as: 'sint32', always: true },
      { name: 'zero_count', field: 7, as: 'fixed64', always: true },
      { name: 'zero_threshold', field: 14, as: 'double' },
      { field: 8, as: 'inside', of: bucketsOf('positive') },
      { field: 9, as: 'inside', of: bucketsOf('negative') },
    ],
    exemplars: 11,
  },
  11: {
    type: 'summary',
    values: [...counted, { name: 'quantiles', field: 6, as: 'objects', of: quantile }],
  },
};

const times = jsonShape([
  { name: 'timestamp', field: time, as: 'time' },
  { name: 'start_timestamp', field: 2, as: 'time' },
]);

const shapes = new Map(
  Object.entries(kinds).map(([number, { type, about, values, exemplars }]) => [
    Number(number),
    {
      metric: jsonShape([
        { name: 'metric', field: 1, as: 'string' },
        { name: 'description', field: 2, as: 'string' },
        { name: 'unit', field: 3, as: 'string' },
        { name: 'type', as: 'json', json: JSON.stringify(type) },
        ...(about === undefined ? [] : [{ field: Number(number), as: 'inside', of: about } as const]),
      ]),
      point: jsonShape([
        ...values,
        attributes,
        ...(exemplars === undefined
          ? []
          : [{ name: 'exemplars', field: exemplars, as: 'objects', of: exemplar } as const]),
      ]),
    },
  ]),
);

/** Writes data points, each with its metric. */
export function pointWriter(scan: RecordScan): WriteRecord {
  const { record, metric } = scan;
  return (receivedAt) => {
    if (!scan.readTime(record, time)) arrival(scan, receivedAt);
    scan.jsonMembers(times, record);
    const shape = shapes.get(scan.metricKind);
    if (shape === undefined) return;
    scan.jsonMembers(shape.metric, metric);
    scan.jsonMembers(shape.point, record);
  };
}
