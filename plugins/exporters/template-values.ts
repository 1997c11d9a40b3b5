import {
  attributeKey,
  type AttributeKey,
  type AttributeTable,
  type RecordScan,
  type TemplatePlace,
} from 'sluice/plugin';

/** The values of a template's places: attributes of the record at which the scan stands, of its scope or its resource. */
export class TemplateValues {
  private readonly scan: RecordScan;
  private readonly keys = new Map<string, AttributeKey>();

  constructor(scan: RecordScan) {
    this.scan = scan;
  }

  /** As {@link Template.render} asks for them. */
  readonly of = ({ of, key }: TemplatePlace): string | undefined => {
    const { record, scope, resource } = this.scan;
    if (of === 'record') return this.find(key, record.attributes);
    if (of === 'resource') return this.find(key, resource.attributes);
    return this.find(key, record.attributes) ?? this.find(key, scope.attributes) ?? this.find(key, resource.attributes);
  };

  private find(name: string, table: AttributeTable): string | undefined {
    let key = this.keys.get(name);
    if (key === undefined) this.keys.set(name, (key = attributeKey(name)));
    const found = table.find(key);
    if (found < 0 || table.valueStart(found) < 0) return undefined;
    return this.scan.valueText(table.valueStart(found), table.valueEnd(found));
  }
}

const timeFields = { logs: [1, 11], traces: [7], metrics: [3] } as const;

/** When what the record tells of happened, in nanoseconds; when the batch came, where the record does not say. */
export function eventTime(
  scan: RecordScan,
  { signal, meta }: { readonly signal: keyof typeof timeFields; readonly meta: { readonly receivedAt: number } },
): bigint {
  for (const field of timeFields[signal]) {
    const time = scan.fixed64(scan.record, field);
    if (time > 0n) return time;
  }
  return BigInt(Math.trunc(meta.receivedAt)) * 1_000_000n;
}
