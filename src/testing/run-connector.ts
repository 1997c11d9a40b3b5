import type { Delivery, Outcome } from '../flow/index.ts';
import type { ConnectorDefinition, Routed } from '../plugin/index.ts';
import type { Batch } from '../wire/index.ts';
import { parseConfig } from './configure.ts';
import { testContext, type TestContext, type TestContextOptions } from './context.ts';
import { settledWithin } from './settled.ts';
import { openStream, type Stream } from './stream.ts';

export interface ConnectorOptions extends TestContextOptions {
  /** What becomes of a delivery that comes out: acknowledged, unless the test says otherwise. */
  readonly onOut?: (delivery: Delivery) => void;
}

export interface ConnectorRun {
  readonly context: TestContext;
  /** What came out of the deliveries, and for which pipelines: undefined is all of them. What it emits itself is in `context.emitted`. */
  readonly routed: readonly { readonly batch: Batch; readonly pipelines: readonly string[] | undefined }[];
  /** How each delivery that went in was settled, in the order of the input. */
  readonly outcomes: readonly Outcome[];
}

/** Starts a connector with options as they stand in YAML, for tests that drive it step by step. `from`, `to` and `pipelines` are options. */
export function openConnector(
  definition: ConnectorDefinition,
  config: unknown = {},
  options: ConnectorOptions = {},
): Stream<Delivery | Routed> {
  const { onOut = (delivery: Delivery) => delivery.ack(), ...rest } = options;
  const context = testContext({ id: definition.type, kind: 'connector', ...rest });
  const parsed = parseConfig(definition, config);
  return openStream(
    (deliveries) => definition.connect(deliveries, parsed, context),
    context,
    (value) => onOut(deliveryOf(value)),
  );
}

/** Sends batches through a connector and ends its input. Throws where a delivery stays unsettled. */
export async function runConnector(
  definition: ConnectorDefinition,
  config: unknown,
  batches: readonly Batch[],
  options: ConnectorOptions = {},
): Promise<ConnectorRun> {
  const stream = openConnector(definition, config, options);
  const outcomes = batches.map((batch) => stream.push(batch));
  await stream.complete();
  const settled = await settledWithin(outcomes, 'settled after the input ended');
  const routed = stream.out.map((value) => ({
    batch: deliveryOf(value).batch,
    pipelines: 'delivery' in value ? value.pipelines : undefined,
  }));
  return { context: stream.context, routed, outcomes: settled };
}

function deliveryOf(value: Delivery | Routed): Delivery {
  return 'delivery' in value ? value.delivery : value;
}
