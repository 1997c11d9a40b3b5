import { hash } from 'node:crypto';
import { attributeKey, type RecordScan, type Signal } from 'sluice/plugin';

/** 132 bits of a hash, as base64. */
const digits = 22;
const attribute = attributeKey('elasticsearch.document_id');

/**
 * Ids of documents that are the same whenever the same record is sent: hashes of the record, what it says of itself and what
 * stands around it. Records of one batch that are equal in every byte get different ones.
 */
export class DocumentIds {
  private readonly scan: RecordScan;
  private readonly byAttribute: boolean;
  private readonly seen = new Map<string, number>();
  private ofPoints = false;
  private scopeIndex = -1;
  private metricAt = -1;
  private around: Uint8Array = new Uint8Array(0);

  constructor(scan: RecordScan, byAttribute: boolean) {
    this.scan = scan;
    this.byAttribute = byAttribute;
  }

  /** Whether two records of the batch were equal so far. */
  repeated = false;

  begin(signal: Signal): void {
    this.repeated = false;
    this.ofPoints = signal === 'metrics';
    this.seen.clear();
    this.scopeIndex = this.metricAt = -1;
  }

  /** The id of the record at which the scan stands. */
  next(): string {
    const { scan } = this;
    const given = this.byAttribute ? this.given() : '';
    if (given !== '') return given;
    if (this.scopeIndex !== scan.scopeIndex || (this.ofPoints && this.metricAt !== scan.metric.from)) this.lookAround();
    const mark = scan.length;
    scan.raw(this.around);
    scan.rawBytes(scan.record.from, scan.record.to);
    const id = hash('sha256', scan.bytes(mark), 'base64url').slice(0, digits);
    scan.cut(mark);
    const before = this.seen.get(id) ?? 0;
    this.seen.set(id, before + 1);
    if (before === 0) return id;
    this.repeated = true;
    return `${id}-${before}`;
  }

  private given(): string {
    const { attributes } = this.scan.record;
    const found = attributes.find(attribute);
    if (found < 0 || attributes.valueStart(found) < 0) return '';
    return this.scan.valueText(attributes.valueStart(found), attributes.valueEnd(found));
  }

  /** The hash of the resource, the scope and, for data points, the metric without its points. */
  private lookAround(): void {
    const { scan } = this;
    const { resource, scope, metric } = scan;
    const mark = scan.length;
    for (const { from, to } of [resource, scope]) {
      scan.ascii(`${to - from} `);
      scan.rawBytes(from, to);
    }
    if (this.ofPoints) {
      if (metric.has(1)) scan.rawBytes(metric.start(1), metric.end(1));
      scan.ascii(` ${scan.metricKind} `);
      if (metric.has(3)) scan.rawBytes(metric.start(3), metric.end(3));
    }
    this.around = hash('sha256', scan.bytes(mark), 'buffer');
    scan.cut(mark);
    this.scopeIndex = scan.scopeIndex;
    this.metricAt = metric.from;
  }
}
