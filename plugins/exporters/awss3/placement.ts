import {
  attributeKey,
  decode,
  encode,
  RecordScan,
  splitByGroup,
  type AttributeKey,
  type AttributeTable,
  type Batch,
  type Signal,
  type TemplatePlace,
} from 'sluice/plugin';
import type { Config } from './config.ts';
import type { Chosen, Layout } from './keys/layout.ts';

/** Records that go to one place, in one object. */
export interface Placed {
  /** The same for whatever may share an object. */
  readonly id: string;
  readonly bucket: string;
  readonly batch: Batch;
  /** A new key, without its extension; `now` is the time of writing. */
  readonly newKey: (now: number) => string;
}

/** Times of events that lie further ahead than this are wrong, and the arrival counts instead. */
const farAheadMs = 86_400_000;

/** Decides where records go, and cuts batches accordingly. */
export class Placement {
  private readonly layout: Layout;
  private readonly scan = new RecordScan();
  private readonly places: readonly (readonly [TemplatePlace, AttributeKey])[];
  private readonly bucketKey: AttributeKey | undefined;
  private readonly prefixKey: AttributeKey | undefined;
  private readonly byEvent: boolean;
  /** Whether all records of a resource go to one place. */
  private readonly byResource: boolean;

  constructor(config: Config, layout: Layout) {
    const { s3_bucket, s3_prefix } = config.resource_attrs_to_s3;
    this.layout = layout;
    this.places = layout.places.map((place) => [place, attributeKey(place.key)] as const);
    this.bucketKey = s3_bucket === '' ? undefined : attributeKey(s3_bucket);
    this.prefixKey = s3_prefix === '' ? undefined : attributeKey(s3_prefix);
    this.byEvent = config.s3uploader.partition_time === 'event';
    this.byResource = !this.byEvent && layout.places.every(({ of }) => of === 'resource');
  }

  /** The parts of a batch, each for a place of its own. Throws PermanentError where some records cannot have a place. */
  place(batch: Batch): Placed[] {
    const fixed = this.places.length === 0 && this.bucketKey === undefined && this.prefixKey === undefined;
    if (fixed && !this.byEvent) return [this.placed(batch, nowhere, undefined, '')];
    const { groups, found } = this.grouped(batch);
    // Odd spellings of a batch are put right first, or records could not be told apart.
    if (groups.length !== batch.count) return this.place(encode(decode(batch), batch.meta));
    const parts = splitByGroup(batch, groups);
    return [...parts].map(([group, part]) => {
      const { chosen, timeMs, id } = found[group] as Found;
      return this.placed(part, chosen, timeMs, id);
    });
  }

  private placed(batch: Batch, chosen: Chosen, timeMs: number | undefined, id: string): Placed {
    const { layout } = this;
    const bucket = layout.bucket(chosen);
    return {
      id: `${batch.signal}\n${bucket}\n${id}`,
      bucket,
      batch,
      newKey: (now) => layout.newKey(chosen, batch.signal, timeMs ?? now, now),
    };
  }

  /** The group of each record, and what the groups are. */
  private grouped(batch: Batch): { readonly groups: number[]; readonly found: readonly Found[] } {
    const { scan } = this;
    const groups: number[] = [];
    const found: Found[] = [];
    const known = new Map<string, number>();
    let group = 0;
    let resourceIndex = -1;
    scan.begin(batch);
    while (scan.next()) {
      if (!this.byResource || scan.resourceIndex !== resourceIndex) {
        resourceIndex = scan.resourceIndex;
        const current = this.look(batch);
        group = known.get(current.id) ?? found.length;
        if (group === found.length) {
          known.set(current.id, group);
          found.push(current);
        }
      }
      groups.push(group);
    }
    return { groups, found };
  }

  /** Where the current record goes. */
  private look(batch: Batch): Found {
    const { scan, layout, places } = this;
    const values = new Map<TemplatePlace, string>();
    for (const [place, key] of places) {
      const value = this.valueOf(place, key);
      if (value !== undefined) values.set(place, value);
    }
    const chosen = {
      values,
      bucket: this.bucketKey && valueIn(scan, scan.resource.attributes, this.bucketKey),
      prefix: this.prefixKey && valueIn(scan, scan.resource.attributes, this.prefixKey),
    };
    const timeMs = this.byEvent ? this.eventTime(batch) : undefined;
    const step = timeMs === undefined ? '' : Math.floor(timeMs / layout.timeStep);
    const id = JSON.stringify([step, chosen.bucket, chosen.prefix, ...places.map(([place]) => values.get(place))]);
    return { id, chosen, timeMs };
  }

  private valueOf({ of }: TemplatePlace, key: AttributeKey): string | undefined {
    const { scan } = this;
    const record = of === 'resource' ? undefined : valueIn(scan, scan.record.attributes, key);
    if (record !== undefined || of === 'record') return record;
    const scope = of === 'any' ? valueIn(scan, scan.scope.attributes, key) : undefined;
    return scope ?? valueIn(scan, scan.resource.attributes, key);
  }

  /** When the record happened, in milliseconds since the epoch; when it arrived, where it does not say or lies far ahead. */
  private eventTime({ signal, meta }: Batch): number {
    const { scan } = this;
    for (const field of timeFields[signal]) {
      const seconds = scan.secondsOf(scan.record, field);
      if (seconds === 0) continue;
      const timeMs = seconds * 1000 + Math.floor(scan.nanosOf(scan.record, field) / 1e6);
      return timeMs > meta.receivedAt + farAheadMs ? meta.receivedAt : timeMs;
    }
    return meta.receivedAt;
  }
}

interface Found {
  readonly id: string;
  readonly chosen: Chosen;
  readonly timeMs: number | undefined;
}

const nowhere: Chosen = { values: new Map(), bucket: undefined, prefix: undefined };

/** Where a time stands: of the event, else of its observation; the start of a span; the time of a point. */
const timeFields: Readonly<Record<Signal, readonly number[]>> = { logs: [1, 11], traces: [7], metrics: [3] };

function valueIn(scan: RecordScan, table: AttributeTable, key: AttributeKey): string | undefined {
  const index = table.find(key);
  if (index < 0 || table.valueStart(index) < 0) return undefined;
  return scan.valueText(table.valueStart(index), table.valueEnd(index));
}
