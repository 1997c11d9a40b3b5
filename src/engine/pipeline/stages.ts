import { map, filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { ComponentConfig } from '../../config/index.ts';
import type { Delivery } from '../../flow/index.ts';
import type {
  Context,
  EditContext,
  EditProcessor,
  OperatorProcessor,
  RecordChange,
  RecordProcessor,
} from '../../plugin/index.ts';
import {
  compilePlan,
  concat,
  countRecords,
  decode,
  encode,
  mapRecords,
  splitByCount,
  type Batch,
  type Signal,
  type Step,
} from '../../wire/index.ts';
import type { ProcessorCounts } from '../telemetry/component-counts.ts';
import { guard } from './guard.ts';

export interface StageOptions {
  readonly signal: Signal;
  readonly processors: readonly ComponentConfig[];
  readonly contextOf: (component: ComponentConfig) => Context;
  readonly countsOf: (component: ComponentConfig) => ProcessorCounts;
}

type Processor<D> = {
  readonly component: ComponentConfig;
  readonly context: Context;
  readonly counts: ProcessorCounts;
} & D;
type Changing = Processor<{ readonly change: RecordChange }>;
type Editing = Processor<{ readonly steps: readonly Step[] }>;

/**
 * The operators of one pipeline. Neighbouring functions over records share one decode and one encode,
 * neighbouring edit steps become one plan.
 */
export function stages(options: StageOptions): MonoTypeOperatorFunction<Delivery>[] {
  const operators: MonoTypeOperatorFunction<Delivery>[] = [];
  let records: Changing[] = [];
  let edits: Editing[] = [];
  const flush = (): void => {
    if (records.length > 0) operators.push(recordStage(options.signal, records));
    if (edits.length > 0) operators.push(editStage(options.signal, edits));
    records = [];
    edits = [];
  };
  for (const component of options.processors) {
    const { definition } = component;
    if (definition.kind !== 'processor') throw new TypeError(`${component.id} is no processor`);
    const rest = { component, context: options.contextOf(component), counts: options.countsOf(component) };
    if ('operator' in definition) {
      flush();
      operators.push(operatorStage({ ...rest, definition }));
      continue;
    }
    const work = workOf(definition, component, { signal: options.signal, logger: rest.context.logger });
    if (typeof work === 'function') {
      if (edits.length > 0) flush();
      records.push({ ...rest, change: work });
    } else {
      if (records.length > 0) flush();
      edits.push({ ...rest, steps: work });
    }
  }
  flush();
  return operators;
}

/** Steps, or a function over records: some processors choose by their options. */
function workOf(
  definition: RecordProcessor | EditProcessor,
  { config }: ComponentConfig,
  context: EditContext,
): readonly Step[] | RecordChange {
  if ('edit' in definition) return definition.edit(config, context);
  return (record, place) => definition.record(record, config, place);
}

/** Most records that are decoded at a time: a tiny record takes a hundred times its bytes as an object. */
const decodedAtOnce = 16_384;

/** One decode, all functions in turn, one encode. */
function recordStage(signal: Signal, processors: readonly Changing[]): MonoTypeOperatorFunction<Delivery> {
  return each((delivery) => {
    const parts = splitByCount(delivery.batch, decodedAtOnce).flatMap(
      (part) => changed(part, signal, processors) ?? [],
    );
    return parts.length > 0 ? delivery.with(concat(parts)) : undefined;
  });
}

function changed(batch: Batch, signal: Signal, processors: readonly Changing[]): Batch | undefined {
  const tree = decode(batch);
  let { count } = batch;
  for (const { change, context, counts } of processors) {
    counts.incoming.value += count;
    namingCulprit(context, () => mapRecords(tree, change));
    const kept = countRecords(tree);
    context.dropped(count - kept, signal, 'filtered');
    counts.outgoing.value += kept;
    count = kept;
    if (count === 0) return undefined;
  }
  return encode(tree, batch.meta);
}

/** One walk over the bytes for all steps. */
function editStage(signal: Signal, processors: readonly Editing[]): MonoTypeOperatorFunction<Delivery> {
  const plan = compilePlan(
    signal,
    processors.flatMap(({ steps }) => steps),
  );
  return each((delivery) => {
    const { batch, dropped } = plan.run(delivery.batch);
    const kept = delivery.batch.count - dropped;
    for (const { counts } of processors) {
      counts.incoming.value += delivery.batch.count;
      counts.outgoing.value += kept;
    }
    processors.at(-1)?.context.dropped(dropped, signal, 'filtered');
    return batch === undefined ? undefined : delivery.with(batch);
  });
}

function operatorStage({
  component,
  definition,
  context,
  counts,
}: Processor<{ readonly definition: OperatorProcessor }>): MonoTypeOperatorFunction<Delivery> {
  const guarded = guard<Delivery>({
    component: `processor/${component.id}`,
    clock: context.clock,
    operator: (deliveries) => definition.operator(deliveries, component.config, context),
    onFailure: (error) =>
      context.logger.error({ err: error }, 'processor failed; what it held is refused, and it is started anew'),
  });
  return (source) =>
    source.pipe(
      map((delivery) => {
        counts.incoming.value += delivery.batch.count;
        return delivery;
      }),
      guarded,
      map((delivery) => {
        counts.outgoing.value += delivery.batch.count;
        return delivery;
      }),
    );
}

/** A step from delivery to delivery. Undefined means that nothing is left; what is thrown refuses the delivery. */
function each(step: (delivery: Delivery) => Delivery | undefined): MonoTypeOperatorFunction<Delivery> {
  return (source) =>
    source.pipe(
      map((delivery) => {
        try {
          const result = step(delivery);
          if (result === undefined) delivery.ack();
          return result;
        } catch (error) {
          delivery.fail(error);
          return undefined;
        }
      }),
      filter((delivery) => delivery !== undefined),
    );
}

/** Says in the log whose function threw. */
function namingCulprit<T>(context: Context, run: () => T): T {
  try {
    return run();
  } catch (error) {
    context.logger.error({ err: error }, 'processor failed; the data is refused');
    throw error;
  }
}
