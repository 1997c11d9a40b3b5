import { attributeKey, type Message, type RecordScan } from 'sluice/plugin';
import type { Place } from './place.ts';
import type { SchemaUrls } from './schema-urls.ts';

const serviceKey = attributeKey('service.name');
const [nameField, versionField] = [1, 2];

/** Where the current record of a scan stands. */
export function scannedPlace(scan: RecordScan, urls: SchemaUrls | undefined): Place<string> {
  const { resource, scope } = scan;
  const service = resource.attributes.find(serviceKey);
  return {
    serviceName: service < 0 ? undefined : textOf(scan, resource, service),
    resourceAttributes: jsonAttributes(scan, resource),
    resourceSchemaUrl: urls?.resource ?? '',
    scopeName: textField(scan, scope, nameField),
    scopeVersion: textField(scan, scope, versionField),
    scopeAttributes: jsonAttributes(scan, scope),
    scopeSchemaUrl: urls?.scope ?? '',
  };
}

function textOf(scan: RecordScan, { attributes }: Message, index: number): string | undefined {
  const start = attributes.valueStart(index);
  return start < 0 ? undefined : scan.valueText(start, attributes.valueEnd(index));
}

function textField(scan: RecordScan, message: Message, field: number): string {
  return message.has(field) ? scan.text(message.start(field), message.end(field)) : '';
}

function jsonAttributes(scan: RecordScan, message: Message): string {
  const mark = scan.open();
  scan.jsonAttributes(message.attributes);
  scan.close(mark);
  const text = scan.bytes(mark).toString();
  scan.cut(mark);
  return text;
}
