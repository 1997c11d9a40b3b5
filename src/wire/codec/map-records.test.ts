import { describe, expect, test } from 'vitest';
import {
  Attributes,
  countRecords,
  decode,
  Decoded,
  encode,
  Gauge,
  Histogram,
  HistogramDataPoint,
  LogRecord,
  mapRecords,
  Metric,
  NumberDataPoint,
  Resource,
  ResourceGroup,
  ScopeGroup,
} from './index.ts';

const meta = { receivedAt: 0 };

function logs(...bodies: string[][][]): Decoded<'logs'> {
  const tree = new Decoded('logs');
  for (const scopes of bodies) {
    const group = new ResourceGroup<'logs'>();
    for (const records of scopes) {
      const scope = new ScopeGroup<'logs'>();
      scope.records = records.map((body) => LogRecord.from({ body }));
      group.scopes.push(scope);
    }
    tree.resources.push(group);
  }
  return tree;
}

const bodies = (tree: Decoded<'logs'>): unknown =>
  tree.resources.map(({ scopes }) => scopes.map(({ records }) => records.map(({ body }) => body)));

describe('mapRecords', () => {
  test('keeps, replaces and drops records in order, and what becomes empty goes', () => {
    const tree = logs([['a', 'drop'], ['drop']], [['drop']], [['b'], []]);
    mapRecords(tree, (record) => {
      if (record.body === 'drop') return undefined;
      return record.body === 'b' ? LogRecord.from({ body: 'replaced' }) : record;
    });
    expect(bodies(tree)).toEqual([[['a']], [['replaced'], []]]);
    expect(countRecords(tree)).toBe(2);
  });

  test('gives each record its resource and scope, and keeps what is written there', () => {
    const tree = logs([['a']], [['b']]);
    tree.resources[0]!.resource = Resource.from({ attributes: Attributes.from({ host: 'one' }) });
    mapRecords(tree, (record, place) => {
      expect(place.signal).toBe('logs');
      expect(place.metric).toBeUndefined();
      place.resource.attributes.set('seen', record.body!);
      place.scope.name = 'scope';
      return record;
    });
    const again = decode(encode(tree, meta));
    expect(again.resources.map(({ resource }) => [...resource!.attributes])).toEqual([
      [
        ['host', 'one'],
        ['seen', 'a'],
      ],
      [['seen', 'b']],
    ]);
    expect(again.resources[1]!.scopes[0]!.scope!.name).toBe('scope');
  });

  test('leaves a resource out that nobody asked for', () => {
    const tree = logs([['a']]);
    mapRecords(tree, (record) => record);
    expect(tree.resources[0]!.resource).toBeUndefined();
  });

  function points(): Decoded<'metrics'> {
    const dataPoints = [1n, 2n].map((asInt) => NumberDataPoint.from({ asInt }));
    const scope = new ScopeGroup<'metrics'>();
    scope.records = [
      Metric.from({ name: 'gauge', gauge: Gauge.from({ dataPoints }) }),
      Metric.from({
        name: 'histogram',
        histogram: Histogram.from({ dataPoints: [HistogramDataPoint.from({ count: 3n })] }),
      }),
      Metric.from({ name: 'nothing' }),
    ];
    const group = new ResourceGroup<'metrics'>();
    group.scopes = [scope];
    const tree = new Decoded('metrics');
    tree.resources = [group];
    return tree;
  }

  test('visits the data points of metrics of every kind, with their metric', () => {
    const seen: string[] = [];
    const tree = points();
    mapRecords(tree, (point, { metric }) => {
      seen.push(`${metric.name} ${point.type} ${point.type === 'number' ? point.asInt : point.count}`);
      return point.type === 'number' && point.asInt === 1n ? undefined : point;
    });
    expect(seen).toEqual(['gauge number 1', 'gauge number 2', 'histogram histogram 3']);
    expect(encode(tree, meta).count).toBe(2);
  });

  test('drops a metric with its last data point, and keeps one that came without', () => {
    const tree = points();
    mapRecords(tree, (point) => (point.type === 'number' ? undefined : point));
    expect(tree.resources[0]!.scopes[0]!.records.map(({ name }) => name)).toEqual(['histogram', 'nothing']);
  });

  test('refuses a data point of another type', () => {
    expect(() => mapRecords(points(), () => new HistogramDataPoint())).toThrow(
      'a histogram point in place of a number point',
    );
  });
});
