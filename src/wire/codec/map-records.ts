import type { Signal } from '../batch.ts';
import {
  metricData,
  Resource,
  Scope,
  type DataPoint,
  type Decoded,
  type Metric,
  type Place,
  type RecordOf,
} from './records.ts';
import type { ResourceGroup, ScopeGroup } from './records.ts';

/** What is done to a record: undefined drops it. */
export type Change<S extends Signal> = (record: RecordOf<S>, place: Place<S>) => RecordOf<S> | undefined;

/**
 * Passes every log record, span or data point of a tree, in order, to `change`, and puts what it returns in its place.
 * Metrics, scopes and resources that lose their last record go with it; those that came empty stay.
 * Throws TypeError where a data point is replaced by one of another type.
 */
export function mapRecords<S extends Signal>(tree: Decoded<S>, change: Change<S>): void {
  const { signal } = tree;
  // Scopes of metrics hold one level more; the types of the two cases meet only here.
  const visit = signal === 'metrics' ? mapMetrics : mapEntries;
  retain(tree.resources, (group) => {
    const left = retain(group.scopes, (scope) => {
      const place = new RecordPlace(signal, group, scope);
      return visit(scope as ScopeGroup<never>, change as unknown as Change<Signal>, place) ? scope : undefined;
    });
    return left ? group : undefined;
  });
}

function mapEntries(scope: ScopeGroup<'logs' | 'traces'>, change: Change<Signal>, place: RecordPlace): boolean {
  return retain(scope.records, (record) => change(record, place as Place) as typeof record | undefined);
}

function mapMetrics(scope: ScopeGroup<'metrics'>, change: Change<Signal>, place: RecordPlace): boolean {
  return retain(scope.records, (metric) => {
    const points: DataPoint[] | undefined = metricData(metric)?.dataPoints;
    if (points === undefined) return metric;
    const here = place.in(metric);
    return retain(points, (point) => sameType(point, change(point, here as Place) as DataPoint | undefined))
      ? metric
      : undefined;
  });
}

function sameType(before: DataPoint, after: DataPoint | undefined): DataPoint | undefined {
  if (after !== undefined && after.type !== before.type)
    throw new TypeError(`a ${after.type} point in place of a ${before.type} point`);
  return after;
}

/** Keeps what `change` returns, in order. False where the list lost its last item. */
function retain<T>(list: T[], change: (item: T) => T | undefined): boolean {
  const { length } = list;
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const item = change(list[i] as T);
    if (item !== undefined) list[kept++] = item;
  }
  list.length = kept;
  return kept > 0 || length === 0;
}

/** Makes the resource and the scope where they are asked for and the sender gave none. */
class RecordPlace {
  readonly signal: Signal;
  readonly metric: Metric | undefined;
  private readonly resourceGroup: ResourceGroup;
  private readonly scopeGroup: ScopeGroup;

  constructor(signal: Signal, resourceGroup: ResourceGroup, scopeGroup: ScopeGroup, metric?: Metric) {
    this.signal = signal;
    this.resourceGroup = resourceGroup;
    this.scopeGroup = scopeGroup;
    this.metric = metric;
  }

  get resource(): Resource {
    return (this.resourceGroup.resource ??= new Resource());
  }

  get scope(): Scope {
    return (this.scopeGroup.scope ??= new Scope());
  }

  in(metric: Metric): RecordPlace {
    return new RecordPlace(this.signal, this.resourceGroup, this.scopeGroup, metric);
  }
}
