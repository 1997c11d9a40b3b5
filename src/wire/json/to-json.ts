import { MalformedError, type Signal } from '../batch.ts';
import { maxDepth } from '../structure.ts';
import { signalMessages } from '../schema.ts';
import { closeBrace, closeBracket, comma, openBrace, openBracket } from './characters.ts';
import { emitters } from './emit-values.ts';
import { gather, type Found } from './gather.ts';
import { buildLabels, maxFields, type Label, type Labels } from './labels.ts';
import { mergedPayload } from './merged.ts';
import { attributeLabels, putPlainAttribute } from './put-attribute.ts';
import { putName, slack } from './put-name.ts';
import { readEnd, readTag, skipWire } from './read-wire.ts';
import { ensure, Transfer } from './transfer.ts';

const labels = buildLabels({ ...emitters, message: emitMessage });
const attribute = attributeLabels(labels.KeyValue, labels.AnyValue);
const transfer = new Transfer();
/**
 * An encoded request to OTLP/JSON, in UTF-8, without white space. Fields come in the order of the schema, whatever their
 * order on the wire; of a oneof, the member that came last.
 *
 * 64-bit integers are strings, enums numbers, ids hex in lower case, bytes base64, doubles as short as exactness allows, or
 * `"NaN"`, `"Infinity"`, `"-Infinity"`. Left out: what proto3 leaves out, empty ids, and fields that OTLP does not have.
 * Text that is not UTF-8 gets U+FFFD. Throws MalformedError for bytes that would not pass the structural check.
 */
export function wireToJson(signal: Signal, bytes: Uint8Array): Uint8Array {
  const s = transfer;
  s.begin(bytes, maxDepth);
  try {
    emitFields(s, labels[signalMessages[signal].request], s.end);
    return s.result();
  } finally {
    s.release();
  }
}

/** What stands where in the message that is open at each depth. */
const founds: Found[] = [];

function emitFields(s: Transfer, { fields, byNumber }: Labels, end: number): void {
  if (s.depth === s.maxDepth) throw new MalformedError(`nested deeper than ${maxDepth} messages`, s.pos);
  const found = (founds[s.depth] ??= { positions: new Int32Array(maxFields), counts: new Int32Array(maxFields) });
  s.depth++;
  const places = gather(s, byNumber, found, end);
  const start = s.at;
  for (let left = places; left !== 0; left &= left - 1) {
    const i = 31 - Math.clz32(left & -left);
    s.pos = found.positions[i]!;
    emitField(s, fields[i]!, found.counts[i]!, end);
  }
  ensure(s, slack);
  closeList(s, start, openBrace, closeBrace);
  s.pos = end;
  s.depth--;
}

function emitField(s: Transfer, label: Label, count: number, end: number): void {
  const start = s.at;
  putName(s, label);
  if (label.repeated) {
    if (!emitElements(s, label, count, end)) s.at = start;
  } else if (count > 1 && label.labels !== null) emitMerged(s, label, count, end);
  else {
    readTag(s);
    if (label.emit(s, label) && !label.presence) s.at = start;
  }
}

/** Emits the values of a repeated field, the first at `pos`, wherever the others are. False if there are none in it. */
function emitElements(s: Transfer, label: Label, count: number, end: number): boolean {
  const start = s.at;
  for (let left = count; left > 0;) {
    const tag = readTag(s);
    if (tag >>> 3 !== label.number) {
      skipWire(s, tag & 7, end);
      continue;
    }
    left--;
    // Numbers may stand together in one field, and alone.
    const stop = (tag & 7) === label.wireType ? s.pos + 1 : readEnd(s, end);
    while (s.pos < stop) {
      ensure(s, slack);
      s.out[s.at++] = comma;
      if (!(label.attribute && putPlainAttribute(s, attribute))) label.emit(s, label);
    }
    if ((tag & 7) !== label.wireType && s.pos !== stop) throw new MalformedError('packed numbers cut short', stop);
  }
  const some = s.at > start;
  closeList(s, start, openBracket, closeBracket);
  return some;
}

/** Everything in a list was written behind a comma: the first one becomes the opening character. */
function closeList(s: Transfer, start: number, open: number, close: number): void {
  if (s.at === start) s.at++;
  s.out[start] = open;
  s.out[s.at++] = close;
}

function emitMessage(s: Transfer, label: Label): boolean {
  const end = readEnd(s, s.end);
  emitFields(s, label.labels!, end);
  return false;
}

/** A message in several pieces is the message of their concatenation. */
function emitMerged(s: Transfer, label: Label, count: number, end: number): void {
  const { input, inputView, end: inputEnd } = s;
  s.use(mergedPayload(s, label.number, count, end));
  emitFields(s, label.labels!, s.end);
  s.input = input;
  s.inputView = inputView;
  s.end = inputEnd;
}
