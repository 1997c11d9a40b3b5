import { jsonName, type RecordScan } from 'sluice/plugin';

const resource = jsonName('resource');
const scope = jsonName('scope');
const scopeVersion = jsonName('scope_version');
const scopeAttributes = jsonName('scope_attributes');

const nothing = Buffer.alloc(0);

/** The members that say of which resource and scope a record is. They are put together once for each of them. */
export class Surroundings {
  private readonly scan: RecordScan;
  private resource: Uint8Array = nothing;
  private scope: Uint8Array = nothing;
  private resourceIndex = -1;
  private scopeIndex = -1;

  constructor(scan: RecordScan) {
    this.scan = scan;
  }

  /** Forgets the batch before. */
  begin(): void {
    this.resourceIndex = this.scopeIndex = -1;
  }

  /** Writes both. */
  write(): void {
    const { scan } = this;
    if (scan.scopeIndex !== this.scopeIndex) this.scope = this.made(() => this.writeScope());
    if (scan.resourceIndex !== this.resourceIndex) this.resource = this.made(() => this.writeResource());
    this.scopeIndex = scan.scopeIndex;
    this.resourceIndex = scan.resourceIndex;
    scan.raw(this.scope);
    scan.raw(this.resource);
  }

  private writeScope(): void {
    const { scan } = this;
    const message = scan.scope;
    if (message.has(1)) {
      scan.member(scope);
      scan.jsonString(message.start(1), message.end(1));
    }
    if (message.has(2)) {
      scan.member(scopeVersion);
      scan.jsonString(message.start(2), message.end(2));
    }
    if (message.attributes.count > 0) {
      scan.member(scopeAttributes);
      const mark = scan.open();
      scan.jsonAttributes(message.attributes);
      scan.close(mark);
    }
  }

  private writeResource(): void {
    const { scan } = this;
    scan.member(resource);
    const mark = scan.open();
    scan.jsonAttributes(scan.resource.attributes);
    scan.close(mark);
  }

  /** What is written, as bytes, and taken back. */
  private made(write: () => void): Uint8Array {
    const { scan } = this;
    const { length } = scan;
    write();
    const bytes = Buffer.from(scan.bytes(length));
    scan.cut(length);
    return bytes;
  }
}
