import { append, at, bytes, copyRest, reserve, sizeOfVarint, writeVarint } from './arena.ts';
import { emit, emitNew } from './emit.ts';
import type { Frame } from './frame.ts';
import type { Node } from './nodes.ts';
import { afterVarint, endOfField, readVarint, walk } from './walk.ts';

/** What became of a message. */
const outcome = { same: 0, changed: 1, gone: 2, odd: 3 } as const;
type Outcome = (typeof outcome)[keyof typeof outcome];

/** An odd message and where it stands, as copies: the resource and scope only where the plan looks at them. */
export interface Odd {
  /** A ResourceX, or an entry of a scope: a log record, span or metric. */
  readonly what: 'resource' | 'entry';
  /** The whole field, tag and length included. */
  readonly field: Uint8Array;
  readonly resource: Uint8Array;
  readonly scope: Uint8Array;
}

/** Applies the steps to an odd message. Undefined: it stays as it is; otherwise what stands in its place, empty where it is dropped. */
export type Decode = (odd: Odd) => { readonly bytes: Uint8Array; readonly dropped: number } | undefined;

/** Runs the programs of a plan over the request in the arena: one walk, one write. */
export class Kernel {
  /** Records dropped in this run. */
  dropped = 0;
  /** Whether the output may say anything else than the input. */
  touched = false;
  private readonly request: Node;
  private readonly resources: Node | undefined;
  private readonly scopes: Node | undefined;
  private readonly decode: Decode;

  constructor(request: Node, decode: Decode) {
    this.request = request;
    this.resources = request.inner.find((node) => node !== undefined);
    this.scopes = this.resources?.inner.find((node) => node !== undefined);
    this.decode = decode;
  }

  /** The request from `start` to `end` in the arena, to the output. False where it has to be decoded as a whole. */
  run(start: number, end: number): boolean {
    this.dropped = 0;
    this.touched = false;
    const result = this.children(this.request, start, end);
    copyRest(end);
    return result !== outcome.odd;
  }

  /** Writes a message that holds others: a field of the input at `field`. Writes nothing where it is odd or gone. */
  private edit(node: Node, field: number, start: number, end: number): Outcome {
    if (node.frame !== undefined && !this.look(node, node.frame, start, end)) return outcome.odd;
    copyRest(field + 1);
    const header = at.out;
    const width = sizeOfVarint(end - start);
    const body = header + width;
    at.out = body;
    at.rest = start;
    const result = this.children(node, start, end);
    if (result === outcome.odd || result === outcome.gone) {
      at.out = header - 1;
      at.rest = end;
      return result;
    }
    copyRest(end);
    const size = at.out - body;
    const needed = sizeOfVarint(size);
    if (needed !== width) {
      reserve(needed - width);
      bytes.copyWithin(header + needed, body, at.out);
      at.out += needed - width;
    }
    writeVarint(header, size);
    return outcome.changed;
  }

  /** Runs the program of a resource, scope or metric. False where that is odd. */
  private look(node: Node, frame: Frame, start: number, end: number): boolean {
    if (node.selfTag === 0) walk(frame, start, end, 0);
    else {
      if (!findSelf(node, start, end)) return false;
      if (node.selfAt < 0) walk(frame, end, end, node.attributes);
      else walk(frame, node.selfAt, node.selfEnd, node.attributes);
    }
    if (frame.odd) return false;
    for (const operation of node.program) operation();
    if (frame.changed) this.touched = true;
    return !frame.odd;
  }

  /** Writes the fields of a message. */
  private children(node: Node, start: number, end: number): Outcome {
    const { frame, recordTag, record, inner } = node;
    const selfTag = frame?.changed === true ? node.selfTag : 0;
    const made = at.made;
    const b = bytes;
    let kept = 0;
    let lost = 0;
    let p = start;
    while (p < end) {
      const field = p;
      const tag = b[p++] as number;
      if ((tag & 0x87) !== 2) {
        p = endOfField(b, field);
        continue;
      }
      let length = b[p++] as number;
      if (length > 127) {
        length = readVarint(b, p - 1);
        p = afterVarint();
      }
      const content = p;
      p += length;
      if (p > end) break;
      let result: Outcome = outcome.same;
      if (tag === recordTag && record !== undefined) {
        at.made = made;
        result = visit(record, content, p);
        kept++;
      } else if (inner[tag] !== undefined) {
        at.made = made;
        result = outcome.changed;
        kept++;
      } else if (tag === selfTag) result = outcome.changed;
      if (result === outcome.same) continue;
      result = this.write(node, result, field, content, p);
      if (result === outcome.odd) return outcome.odd;
      if (result === outcome.gone) {
        kept--;
        lost++;
      }
    }
    if (p !== end) return outcome.odd;
    if (lost > 0 && kept === 0) return outcome.gone;
    if (selfTag !== 0 && node.selfAt < 0) {
      copyRest(end);
      emitNew(frame as Frame, selfTag, node.attributes);
    }
    return outcome.changed;
  }

  /** Writes one field of `node` that is not just copied: its resource or scope, a message further in, or a record. */
  private write(node: Node, result: Outcome, field: number, content: number, end: number): Outcome {
    const tag = bytes[field] as number;
    const inner = node.inner[tag];
    if (inner !== undefined) {
      const { dropped } = this;
      const written = this.edit(inner, field, content, end);
      if (written !== outcome.odd) return written;
      this.dropped = dropped;
      return this.writeDecoded(node, field, end);
    }
    if (result === outcome.odd) return this.writeDecoded(node, field, end);
    this.touched = true;
    if (result === outcome.gone) {
      this.dropped++;
      copyRest(field);
      at.rest = end;
    } else {
      const own = tag === node.recordTag && node.record !== undefined ? node.record : node;
      emit(own.frame as Frame, own.attributes, field, content, end);
    }
    return result;
  }

  /** Writes a field that is odd, if it is one that can be decoded alone. */
  private writeDecoded(node: Node, field: number, end: number): Outcome {
    if (node.decodes === undefined) return outcome.odd;
    const result = this.decode({
      what: node.decodes,
      field: Uint8Array.from(bytes.subarray(field, end)),
      resource: selfOf(this.resources),
      scope: selfOf(this.scopes),
    });
    if (at.rest < field) copyRest(field);
    at.rest = field;
    if (result === undefined) return outcome.same;
    append(result.bytes);
    at.rest = end;
    this.touched = true;
    this.dropped += result.dropped;
    return result.bytes.length === 0 ? outcome.gone : outcome.changed;
  }
}

/** Looks at a record and runs the steps on it. */
function visit(node: Node, start: number, end: number): Outcome {
  const frame = node.frame as Frame;
  walk(frame, start, end, node.attributes);
  if (frame.odd) return outcome.odd;
  const { program } = node;
  for (let i = 0; i < program.length; i++) {
    if ((program[i] as () => boolean)()) return frame.odd ? outcome.odd : outcome.gone;
  }
  if (frame.odd) return outcome.odd;
  return frame.changed ? outcome.changed : outcome.same;
}

/** Finds the resource or scope of a message, which may stand behind all else. False where there are two, or where one is hidden. */
function findSelf(node: Node, start: number, end: number): boolean {
  const b = bytes;
  node.selfAt = -1;
  let p = start;
  while (p < end) {
    const field = p;
    p = endOfField(b, field);
    if (b[field] !== node.selfTag) continue;
    if (node.selfAt >= 0) return false;
    readVarint(b, field + 1);
    node.selfAt = afterVarint();
    node.selfEnd = p;
  }
  return p === end;
}

function selfOf(node: Node | undefined): Uint8Array {
  return node === undefined || node.selfAt < 0
    ? new Uint8Array(0)
    : Uint8Array.from(bytes.subarray(node.selfAt, node.selfEnd));
}
