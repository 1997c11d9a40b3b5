import { maxHeadSize } from '../limits.ts';
import { colon, cr, lf, space, tab, targetBytes, tokenBytes, valueBytes } from './characters.ts';
import { HttpFault } from '../incoming.ts';
import { Framing } from './framing.ts';
import { Head } from './head.ts';

const maxMethod = 32;
const maxTarget = 8 * 1024;
const maxHeaders = 256;

/** A head and where the body begins. */
export interface ParsedHead {
  readonly head: Head;
  readonly end: number;
}

/**
 * Reads a request's head from `bytes[from, to)`. Undefined where it goes on after that. Throws HttpFault for anything
 * that two readers could understand in two ways (RFC 9112): bare CR and LF, folded lines, space before a colon.
 */
export function parseHead(bytes: Buffer, from: number, to: number): ParsedHead | undefined {
  const start = skipEmptyLines(bytes, from, to);
  const methodEnd = run(bytes, start, to, tokenBytes);
  if (methodEnd - start > maxMethod) throw new HttpFault(400, 'a method that is too long');
  if (methodEnd >= to) return incomplete(from, to);
  if (methodEnd === start || bytes[methodEnd] !== space) throw new HttpFault(400, 'a request line without a method');
  const targetFrom = methodEnd + 1;
  const targetEnd = run(bytes, targetFrom, to, targetBytes);
  if (targetEnd - targetFrom > maxTarget) throw new HttpFault(414, 'a target that is too long');
  if (targetEnd >= to) return incomplete(from, to);
  if (targetEnd === targetFrom || bytes[targetEnd] !== space) {
    throw new HttpFault(400, 'a request line that is not "method target version"');
  }
  const versionFrom = targetEnd + 1;
  const versionEnd = lineEnd(bytes, run(bytes, versionFrom, to, targetBytes), to);
  if (versionEnd === undefined) {
    if (to - versionFrom > 32) throw new HttpFault(400, 'a version that is none');
    return incomplete(from, to);
  }
  const old = isOld(bytes.toString('latin1', versionFrom, versionEnd - 2));
  const places: number[] = [];
  const framing = new Framing();
  const end = parseHeaders(bytes, versionEnd, to, { start, places, framing });
  if (end === undefined) return incomplete(from, to);
  if (end - from > maxHeadSize) throw tooLarge();
  framing.check(old);
  const text = bytes.toString('latin1', start, end);
  const method = text.slice(0, methodEnd - start);
  const target = text.slice(targetFrom - start, targetEnd - start);
  if (!isTarget(target, method)) throw new HttpFault(400, 'a target that is neither a path nor a URL');
  const { length } = framing;
  const expecting = framing.expecting && !old && length !== 0;
  return {
    head: new Head(text, places, { method, target, length, keepAlive: framing.keepAlive(old), old, expecting }),
    end,
  };
}

/** What is gathered about the headers of one head. Offsets in `places` count from `start`. */
interface Gathered {
  readonly start: number;
  readonly places: number[];
  readonly framing: Framing;
}

/** Where the headers end; undefined where they go on. */
function parseHeaders(bytes: Buffer, from: number, to: number, gathered: Gathered): number | undefined {
  const { start, places, framing } = gathered;
  let at = from;
  for (;;) {
    if (at >= to) return undefined;
    if (bytes[at] === cr) return lineEnd(bytes, at, to);
    const nameEnd = run(bytes, at, to, tokenBytes);
    if (nameEnd >= to) return undefined;
    if (nameEnd === at || bytes[nameEnd] !== colon) throw noHeader(bytes, at, nameEnd);
    let valueFrom = nameEnd + 1;
    while (valueFrom < to && isBlank(bytes[valueFrom])) valueFrom++;
    const valueStop = run(bytes, valueFrom, to, valueBytes);
    const next = lineEnd(bytes, valueStop, to);
    if (next === undefined) return undefined;
    let valueEnd = valueStop;
    while (valueEnd > valueFrom && isBlank(bytes[valueEnd - 1])) valueEnd--;
    framing.header(bytes, at, nameEnd, valueFrom, valueEnd);
    places.push(at - start, nameEnd - start, valueFrom - start, valueEnd - start);
    if (places.length > 4 * maxHeaders) throw new HttpFault(431, `more than ${maxHeaders} headers`);
    at = next;
  }
}

/** RFC 9112 wants empty lines before a request forgiven. */
function skipEmptyLines(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at + 1 < to && bytes[at] === cr && bytes[at + 1] === lf) at += 2;
  return at + 1 === to && bytes[at] === cr ? to : at;
}

/** The first byte that is not in the table, or `to`. */
function run(bytes: Buffer, from: number, to: number, table: Uint8Array): number {
  let at = from;
  while (at < to && table[bytes[at] as number] === 1) at++;
  return at;
}

/** The place after the CR LF at `at`; undefined where that has not come. */
function lineEnd(bytes: Buffer, at: number, to: number): number | undefined {
  if (at >= to) return undefined;
  if (bytes[at] !== cr) throw new HttpFault(400, 'a character that no line may hold');
  if (at + 1 >= to) return undefined;
  if (bytes[at + 1] !== lf) throw new HttpFault(400, 'a CR without LF');
  return at + 2;
}

function incomplete(from: number, to: number): undefined {
  if (to - from > maxHeadSize) throw tooLarge();
}

function tooLarge(): HttpFault {
  return new HttpFault(431, `request line and headers of more than ${maxHeadSize} bytes`);
}

function noHeader(bytes: Buffer, at: number, nameEnd: number): HttpFault {
  if (isBlank(bytes[at])) return new HttpFault(400, 'a folded header');
  if (isBlank(bytes[nameEnd])) return new HttpFault(400, 'space before the colon of a header');
  return new HttpFault(400, 'a line that is no header');
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab;
}

function isOld(version: string): boolean {
  if (version === 'HTTP/1.1') return false;
  if (version === 'HTTP/1.0') return true;
  if (/^HTTP\/\d\.\d$/.test(version)) throw new HttpFault(505, `${version} is not spoken here`);
  throw new HttpFault(400, 'a version that is none');
}

function isTarget(target: string, method: string): boolean {
  if (target.startsWith('/')) return method !== 'CONNECT';
  return /^https?:\/\/[^/?]/i.test(target) || (target === '*' && method === 'OPTIONS');
}
