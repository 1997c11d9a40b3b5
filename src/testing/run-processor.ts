import { filter, map, type Observable } from 'rxjs';
import type { Outcome } from '../flow/delivery.ts';
import type { Delivery } from '../flow/index.ts';
import type { EditProcessor, ProcessorDefinition, RecordChange, RecordProcessor } from '../plugin/index.ts';
import { compilePlan, decode, encode, mapRecords, type Batch, type PlanResult } from '../wire/index.ts';
import { parseConfig } from './configure.ts';
import { testContext, type TestContext, type TestContextOptions } from './context.ts';
import { settledWithin } from './settled.ts';
import { openStream, type Stream } from './stream.ts';

export interface ProcessorRun {
  readonly context: TestContext;
  /** What came out. */
  readonly batches: readonly Batch[];
  /** How each delivery that went in was settled, in the order of the input. */
  readonly outcomes: readonly Outcome[];
}

/** What a test may give a processor beside its configuration. */
export interface ProcessorOptions extends TestContextOptions {
  /** What becomes of a delivery that comes out: acknowledged, unless the test says otherwise. */
  readonly onOut?: (delivery: Delivery) => void;
}

/** Starts a processor of any form with options as they stand in YAML, for tests that drive it step by step. */
export function openProcessor(
  definition: ProcessorDefinition,
  config: unknown = {},
  options: ProcessorOptions = {},
): Stream<Delivery> {
  const { onOut = (delivery: Delivery) => delivery.ack(), ...rest } = options;
  const context = testContext({ id: definition.type, kind: 'processor', ...rest });
  return openStream(operatorOf(definition, parseConfig(definition, config), context), context, onOut);
}

/** Sends batches through a processor, one after the other, and ends its input. Throws where a delivery stays unsettled. */
export async function runProcessor(
  definition: ProcessorDefinition,
  config: unknown,
  batches: readonly Batch[],
  options: ProcessorOptions = {},
): Promise<ProcessorRun> {
  const stream = openProcessor(definition, config, options);
  const outcomes = batches.map((batch) => stream.push(batch));
  await stream.complete();
  const settled = await settledWithin(outcomes, 'settled after the input ended');
  return { context: stream.context, batches: stream.out.map(({ batch }) => batch), outcomes: settled };
}

type Operator = (deliveries: Observable<Delivery>) => Observable<Delivery>;

function operatorOf(definition: ProcessorDefinition, config: unknown, context: TestContext): Operator {
  if ('operator' in definition) return (deliveries) => definition.operator(deliveries, config, context);
  const change = 'record' in definition ? recordChange(definition, config) : editChange(definition, config, context);
  return (deliveries) =>
    deliveries.pipe(
      map((delivery) => applied(change, delivery, context)),
      present,
    );
}

/** What becomes of a batch, and how many of its records are dropped. */
type Change = (batch: Batch) => PlanResult;

function recordChange(definition: RecordProcessor, config: unknown): Change {
  return changing((record, place) => definition.record(record, config, place));
}

function changing(change: RecordChange): Change {
  return (batch) => {
    const tree = decode(batch);
    mapRecords(tree, change);
    const changed = encode(tree, batch.meta);
    return { dropped: batch.count - changed.count, ...(changed.count > 0 && { batch: changed }) };
  };
}

function editChange(definition: EditProcessor, config: unknown, { logger }: TestContext): Change {
  return (batch) => {
    const work = definition.edit(config, { signal: batch.signal, logger });
    return typeof work === 'function' ? changing(work)(batch) : compilePlan(batch.signal, work).run(batch);
  };
}

function applied(change: Change, delivery: Delivery, context: TestContext): Delivery | undefined {
  try {
    const { batch, dropped } = change(delivery.batch);
    if (dropped > 0) context.dropped(dropped, delivery.batch.signal, 'filtered');
    if (batch !== undefined) return delivery.with(batch);
    delivery.ack();
  } catch (error) {
    delivery.fail(error);
  }
  return undefined;
}

function present(deliveries: Observable<Delivery | undefined>): Observable<Delivery> {
  return deliveries.pipe(filter((delivery) => delivery !== undefined));
}
