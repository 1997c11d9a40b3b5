import { jsonName, jsonShape, type JsonName, type RecordScan } from 'sluice/plugin';

const scope = jsonName('scope');
const scopeVersion = jsonName('scope_version');
const scopeAttributes = jsonShape([{ name: 'scope_attributes', as: 'attributes' }]);
const resource = jsonShape([{ name: 'resource', as: 'attributes' }]);

/** The members that say of which resource and scope a record is. They are put together once for each scope. */
export class Surroundings {
  private readonly scan: RecordScan;
  private members = new Uint8Array(0);
  private scopeIndex = -1;

  constructor(scan: RecordScan) {
    this.scan = scan;
  }

  /** Forgets the batch before. */
  begin(): void {
    this.scopeIndex = -1;
  }

  write(): void {
    const { scan } = this;
    if (scan.scopeIndex === this.scopeIndex) {
      scan.raw(this.members);
      return;
    }
    const start = scan.length;
    this.text(scope, 1);
    this.text(scopeVersion, 2);
    if (scan.scope.attributes.count > 0) scan.jsonMembers(scopeAttributes, scan.scope);
    scan.jsonMembers(resource, scan.resource);
    this.members = new Uint8Array(scan.bytes(start));
    this.scopeIndex = scan.scopeIndex;
  }

  private text(name: JsonName, field: number): void {
    const { scan } = this;
    if (!scan.scope.has(field)) return;
    scan.member(name);
    scan.jsonString(scan.scope.start(field), scan.scope.end(field));
  }
}
