import { jsonName, type RecordScan } from 'sluice/plugin';
import { bodyField } from './body.ts';
import { logfmtLine } from './logfmt-line.ts';

/** Writes the line of the record at which the scan stands to the scan's output. */
export type LineWriter = (scan: RecordScan) => void;

export const lineWriters: Readonly<Record<'raw' | 'json' | 'logfmt', LineWriter>> = {
  raw(scan) {
    const { record } = scan;
    if (record.has(bodyField)) scan.rawValue(record.start(bodyField), record.end(bodyField));
  },
  json(scan) {
    const { record } = scan;
    const line = scan.open();
    if (record.has(bodyField)) {
      scan.member(body);
      scan.jsonValue(record.start(bodyField), record.end(bodyField));
    }
    if (record.attributes.count > 0) {
      scan.member(attributes);
      const members = scan.open();
      scan.jsonAttributes(record.attributes);
      scan.close(members);
    }
    scan.close(line);
  },
  logfmt: logfmtLine,
};

const body = jsonName('body');
const attributes = jsonName('attributes');
