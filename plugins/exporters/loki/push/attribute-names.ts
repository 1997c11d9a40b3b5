import { labelName } from '../labels/label-name.ts';
import type { Source } from '../labels/sources.ts';

/** The names of pairs that are no attributes, in the order in which the kernel numbers them. */
export const ownNames = [
  'trace_id',
  'span_id',
  'event_name',
  'observed_timestamp',
  'scope_name',
  'scope_version',
  'severity_number',
  'severity_text',
  'flags',
];

/** Bits that say of what an attribute is a label. */
const recordLabel = 1;
const resourceLabel = 2;

/** The names that attributes get in structured metadata, and what else the kernel needs to know of them. */
export class AttributeNames {
  private readonly record: ReadonlySet<string>;
  private readonly resource: ReadonlySet<string>;
  private readonly varying: readonly string[];

  /** `varying` are attributes of records with which labels vary. */
  constructor(sources: readonly Source[], varying: readonly string[]) {
    const keysOf = (from: 'resource' | 'record'): ReadonlySet<string> =>
      new Set(sources.flatMap((source) => (source.from === from ? [source.key.name] : [])));
    this.record = keysOf('record');
    this.resource = keysOf('resource');
    this.varying = varying;
  }

  /** Two words, as kernel/names.as wants them, and the name. */
  of(key: string): Buffer {
    const name = labelName(key);
    const answer = Buffer.alloc(8 + name.length);
    answer.writeUInt32LE((this.record.has(key) ? recordLabel : 0) + (this.resource.has(key) ? resourceLabel : 0), 0);
    answer.writeUInt32LE(this.varying.indexOf(key) + 1, 4);
    answer.write(name, 8);
    return answer;
  }
}
