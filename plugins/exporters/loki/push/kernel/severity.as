// The pairs for severity and flags: the same few again and again, so those of a push are kept.
import { same } from './copy';
import { FLAGS, SEVERITY_NUMBER, SEVERITY_TEXT } from './names';
import * as options from './options';
import { beginGroup, endGroup, Group, putGroup, putPair } from './pairs';
import { SEVERITIES } from './places';
import { push } from './push-number';
import { flags, severityNumber, severityText, severityTextEnd } from './record';
import { doubleText, intText, text, textSize } from './text';

const SLOTS: u32 = 64;

@unmanaged
class Severity extends Group {
  push: u32;
  number: i64;
  // Where the text is in memory.
  text: usize;
  length: usize;
  flags: u32;
}

const SEVERITY = <u32>offsetof<Severity>();

// Adds those of the record.
export function putSeverity(): void {
  const number = options.wants(options.SEVERITY) ? severityNumber : 0;
  const start = options.wants(options.SEVERITY) ? severityText : 0;
  const size = start > 0 ? severityTextEnd - start : 0;
  const marks = options.wants(options.FLAGS) ? flags : 0;
  const slot = (<u32>number + 3 * <u32>size + 32 * marks) & (SLOTS - 1);
  const known = changetype<Severity>(SEVERITIES + slot * SEVERITY);
  if (
    known.push != push ||
    known.number != number ||
    known.flags != marks ||
    known.length != size ||
    !same(known.text, start, size)
  ) {
    known.push = push;
    known.number = number;
    known.text = start;
    known.length = size;
    known.flags = marks;
    collect(known);
  }
  putGroup(known);
}

function collect(severity: Severity): void {
  const from = beginGroup();
  if (severity.number > 0) {
    // Numbers beyond 2^53 have the digits that JavaScript gives them.
    doubleText(<f64>severity.number);
    putPair(SEVERITY_NUMBER, text, textSize);
  }
  if (severity.length > 0) putPair(SEVERITY_TEXT, severity.text, severity.length);
  if (severity.flags > 0) {
    intText(severity.flags);
    putPair(FLAGS, text, textSize);
  }
  endGroup(from, severity);
}
