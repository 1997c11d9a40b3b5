import { fieldsOf } from '../fields.ts';
import type { PushedStream } from './pushed-stream.ts';

/**
 * A push as JSON: `{"streams": [{"stream": {"job": "a"}, "values": [["<ns>", "line", {"trace_id": "…"}]]}]}`. It is made from the
 * encoded push, so that both say the same.
 */
export function pushToJson(bytes: Uint8Array, streams: readonly PushedStream[]): Uint8Array {
  const parts = streams.map(({ stream, start, end }) => {
    const values: string[] = [];
    for (const { number, start: from, end: to } of fieldsOf(bytes, contentOf(bytes, start), end))
      if (number === 2) values.push(entry(bytes, from, to));
    return `{"stream":${object(pairsOf(stream.labels))},"values":[${values.join(',')}]}`;
  });
  return Buffer.from(`{"streams":[${parts.join(',')}]}`);
}

/** Where the content of the stream begins, behind its tag and length. */
function contentOf(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (bytes[at]! > 127) at++;
  return at + 1;
}

function entry(bytes: Uint8Array, start: number, end: number): string {
  let [seconds, nanos] = [0, 0];
  let line = '';
  const metadata: [string, string][] = [];
  for (const { number, start: from, end: to } of fieldsOf(bytes, start, end)) {
    if (number === 2) line = text(bytes, from, to);
    else if (number === 3) metadata.push(pairOf(bytes, from, to));
    else
      for (const part of fieldsOf(bytes, from, to)) {
        if (part.number === 1) seconds = part.value;
        else nanos = part.value;
      }
  }
  const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const rest = metadata.length === 0 ? '' : `,${object(metadata)}`;
  return `["${time}",${JSON.stringify(line)}${rest}]`;
}

function pairOf(bytes: Uint8Array, start: number, end: number): [string, string] {
  let [name, value] = ['', ''];
  for (const { number, start: from, end: to } of fieldsOf(bytes, start, end)) {
    if (number === 1) name = text(bytes, from, to);
    else value = text(bytes, from, to);
  }
  return [name, value];
}

function pairsOf(labels: readonly string[]): [string, string][] {
  return labels.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, labels[i + 1] as string]] : []));
}

/** Names may be anything, and even repeat: no object of JavaScript in between. */
function object(pairs: readonly (readonly [string, string])[]): string {
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();
}
