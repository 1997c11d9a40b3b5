import { attributeKey, type Message, type RecordScan } from 'sluice/plugin';
import type { Place } from './place.ts';
import { textIn } from './scanned-columns.ts';

const serviceKey = attributeKey('service.name');
const [nameField, versionField] = [1, 2];
/** Of what is remembered. */
const mostPlaces = 1000;

/** Where the records of a scan stand. The same resources and scopes come with every batch: each is read once. */
export class ScannedPlaces {
  private readonly scan: RecordScan;
  /** By their encoding. */
  private readonly known = new Map<string, Place<string>>();

  constructor(scan: RecordScan) {
    this.scan = scan;
  }

  /** That of the current record. */
  current(): Place<string> {
    const encoding = this.encoding();
    let place = this.known.get(encoding);
    if (place === undefined) {
      place = read(this.scan);
      if (this.known.size === mostPlaces) this.known.clear();
      this.known.set(encoding, place);
    }
    return place;
  }

  private encoding(): string {
    const { scan } = this;
    const { resource, scope, resourceSchemaUrl, scopeSchemaUrl } = scan;
    const mark = scan.length;
    scan.utf8(`${resource.to - resource.from} ${scope.to - scope.from} ${resourceSchemaUrl} ${scopeSchemaUrl} `);
    scan.rawBytes(resource.from, resource.to);
    scan.rawBytes(scope.from, scope.to);
    const encoding = scan.bytes(mark).toString('latin1');
    scan.cut(mark);
    return encoding;
  }
}

function read(scan: RecordScan): Place<string> {
  const { resource, scope } = scan;
  const service = resource.attributes.find(serviceKey);
  return {
    serviceName: service < 0 ? undefined : textOf(scan, resource, service),
    resourceAttributes: jsonAttributes(scan, resource),
    resourceSchemaUrl: scan.resourceSchemaUrl,
    scopeName: textIn(scan, scope, nameField) ?? '',
    scopeVersion: textIn(scan, scope, versionField) ?? '',
    scopeAttributes: jsonAttributes(scan, scope),
    scopeSchemaUrl: scan.scopeSchemaUrl,
  };
}

function textOf(scan: RecordScan, { attributes }: Message, index: number): string | undefined {
  const start = attributes.valueStart(index);
  return start < 0 ? undefined : scan.valueText(start, attributes.valueEnd(index));
}

function jsonAttributes(scan: RecordScan, message: Message): string {
  const mark = scan.open();
  scan.jsonAttributes(message.attributes);
  scan.close(mark);
  const text = scan.bytes(mark).toString();
  scan.cut(mark);
  return text;
}
