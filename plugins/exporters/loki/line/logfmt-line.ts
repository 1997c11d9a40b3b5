import type { RecordScan } from 'sluice/plugin';
import { bodyField } from './body.ts';
import { membersOf } from './members.ts';

/** `msg="the body" key=value …`; of a body that is a map, its members, then the attributes. What is nested stays JSON. */
export function logfmtLine(scan: RecordScan): void {
  const { input, record } = scan;
  const pairs: string[] = [];
  const add = (key: string, start: number, end: number): void =>
    void pairs.push(`${safeKey(key)}=${safeValue(start < 0 ? '' : scan.valueText(start, end))}`);
  if (record.has(bodyField)) {
    const [start, end] = [record.start(bodyField), record.end(bodyField)];
    const members = membersOf(input, start, end);
    if (members === undefined) add('msg', start, end);
    for (const { keyStart, keyEnd, valueStart, valueEnd } of members ?? [])
      add(scan.text(keyStart, keyEnd), valueStart, valueEnd);
  }
  const { attributes } = record;
  for (let i = 0; i < attributes.count; i++)
    add(scan.text(attributes.keyStart(i), attributes.keyEnd(i)), attributes.valueStart(i), attributes.valueEnd(i));
  scan.utf8(pairs.join(' '));
}

/** A key ends at a space or `=`; quotes and control characters do not belong into one. */
function safeKey(key: string): string {
  // eslint-disable-next-line no-control-regex
  return key === '' ? '_' : key.replaceAll(/[\s="\u0000-\u001f\u007f]/g, '_');
}

function safeValue(text: string): string {
  // eslint-disable-next-line no-control-regex
  return /^$|[\s="\\\u0000-\u001f\u007f]/.test(text) ? JSON.stringify(text) : text;
}
