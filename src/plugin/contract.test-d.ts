// The contract of the door, held by the compiler: what plugin authors get inferred, and what must not compile.
import { map } from 'rxjs';
import { createDelivery } from '../flow/delivery.ts';
import {
  defineExporter,
  defineProcessor,
  defineReceiver,
  z,
  type Batch,
  type Delivery,
  type DataPoint,
  type LogRecord,
  type Span,
} from './index.ts';

const base = { type: 'test', summary: 'Test.' };
const config = z.object({ field: z.string().default('error.class').describe('Attribute to set.') });

// A function over records has its config and its record typed, and takes logs by itself.
defineProcessor({
  ...base,
  config,
  record: (record, { field }) => {
    const log: LogRecord = record;
    record.attributes.set(field, typeof log.body);
    return record;
  },
});

// With signals named, the record is one of theirs.
defineProcessor({
  ...base,
  config,
  signals: ['traces'],
  record: (record) => ((record satisfies Span).name === '' ? undefined : record),
});
defineProcessor({
  ...base,
  config,
  signals: ['metrics'],
  record: (record, _, { metric }) => (metric.name === '' ? undefined : (record satisfies DataPoint)),
});

defineProcessor({
  ...base,
  config,
  signals: ['traces'],
  // @ts-expect-error a span has no body
  record: (record) => (record.body === '' ? undefined : record),
});

// @ts-expect-error an option that the schema does not have
defineProcessor({ ...base, config, record: (record, { fields }) => (fields === '' ? undefined : record) });

// @ts-expect-error a record function must not be asynchronous: it runs for every record
defineProcessor({ ...base, config, record: async (record) => record });

// @ts-expect-error a step has to say what it does
defineProcessor({ ...base, config, edit: () => [{ on: 'record', key: 'a' }] });

// An operator has to give deliveries back, since each carries a duty.
defineProcessor({
  ...base,
  config,
  operator: (deliveries) => deliveries.pipe(map((delivery) => delivery.with(delivery.batch))),
});
// @ts-expect-error batches carry no duty
defineProcessor({ ...base, config, operator: (deliveries) => deliveries.pipe(map((delivery) => delivery.batch)) });

declare const batch: Batch;
// @ts-expect-error the bytes of a batch are somebody else's
batch.bytes = new Uint8Array();
declare const delivery: Delivery;
// @ts-expect-error settled is for reading
delivery.settled = true;

// @ts-expect-error a receiver has to say whether workers may share it
defineReceiver({ ...base, config, signals: ['logs'], start: () => undefined });
// @ts-expect-error an exporter has to send
defineExporter({ ...base, config, signals: ['logs'], start: () => ({ stop: () => undefined }) });
// @ts-expect-error a signal that does not exist
defineExporter({ ...base, config, signals: ['profiles'], start: () => ({ send: () => Promise.resolve() }) });

// Deliveries come from the engine: the door has no way to make one.
// @ts-expect-error not exported
import { createDelivery as fromDoor } from './index.ts';
void [createDelivery, fromDoor];
