import { attributeKey, type AttributeKey, type AttributeTable, type RecordScan } from 'sluice/plugin';
import type { FieldWriter } from './field-writer.ts';

/** Attributes that many records share, with what is written about them. */
interface Shared {
  readonly keys: readonly AttributeKey[];
  readonly members: Uint8Array;
}

const nothing: Shared = { keys: [], members: new Uint8Array(0) };

/** Writes the attributes of a record, its scope and its resource, into its object or as objects of their own. */
export class AttributeWriter {
  private readonly scan: RecordScan;
  private readonly fields: FieldWriter;
  private readonly flatten: boolean;
  private scopeIndex = -1;
  private scope = nothing;
  private resource = nothing;

  constructor(scan: RecordScan, fields: FieldWriter, flatten: boolean) {
    this.scan = scan;
    this.fields = fields;
    this.flatten = flatten;
  }

  /** A new batch: nothing is shared yet. */
  begin(): void {
    this.scopeIndex = -1;
  }

  write(): void {
    const { scan } = this;
    const { record, scope, resource } = scan;
    if (this.scopeIndex !== scan.scopeIndex) {
      this.scope = this.shared(scope.attributes);
      this.resource = this.shared(resource.attributes);
      this.scopeIndex = scan.scopeIndex;
    }
    if (!this.flatten) {
      this.object('attributes', record.attributes);
      this.object('scope', scope.attributes, this.scope);
      this.object('resource', resource.attributes, this.resource);
      return;
    }
    this.members('attributes', record.attributes, nothing, []);
    this.members('scope', scope.attributes, this.scope, [record.attributes]);
    this.members('resource', resource.attributes, this.resource, [record.attributes, scope.attributes]);
  }

  private shared(table: AttributeTable): Shared {
    const { scan } = this;
    if (table.count === 0) return nothing;
    const mark = scan.length;
    scan.jsonAttributes(table);
    const members = new Uint8Array(scan.bytes(mark));
    scan.cut(mark);
    const keys = Array.from({ length: table.count }, (_, i) =>
      attributeKey(scan.text(table.keyStart(i), table.keyEnd(i))),
    );
    return { keys, members };
  }

  private object(field: 'attributes' | 'scope' | 'resource', table: AttributeTable, shared?: Shared): void {
    if (table.count === 0 || !this.fields.member(field)) return;
    const mark = this.scan.open();
    if (shared === undefined) this.scan.jsonAttributes(table);
    else this.scan.raw(shared.members);
    this.scan.close(mark);
  }

  /** One by one, an attribute whose name is taken, by a field or in a table before this one, with `prefix.` before its name. */
  private members(prefix: string, table: AttributeTable, shared: Shared, before: readonly AttributeTable[]): void {
    const { scan, fields } = this;
    if (table.count === 0) return;
    const taken = [
      ...fields.taken.filter((key) => table.find(key) >= 0),
      ...shared.keys.filter((key) => before.some((other) => other.find(key) >= 0)),
    ];
    if (taken.length > 0) this.renamed(prefix, table, new Set(taken.map(({ name }) => name)));
    else if (shared === nothing) scan.jsonAttributes(table);
    else scan.raw(shared.members);
  }

  private renamed(prefix: string, table: AttributeTable, taken: ReadonlySet<string>): void {
    const { scan } = this;
    for (let i = 0; i < table.count; i++) {
      if (table.isRepeated(i)) continue;
      const name = scan.text(table.keyStart(i), table.keyEnd(i));
      scan.ascii(',');
      scan.jsonText(taken.has(name) ? `${prefix}.${name}` : name);
      scan.ascii(':');
      if (table.valueStart(i) < 0) scan.ascii('null');
      else scan.jsonValue(table.valueStart(i), table.valueEnd(i));
    }
  }
}
