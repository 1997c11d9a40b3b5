import type { AnyValue } from '../codec/values.ts';
import { at, bytes } from './arena.ts';
import { plain } from './change.ts';
import type { Test } from './conditions.ts';
import type { Frame } from './frame.ts';
import type { CallField, FieldValues, Editable, PlainValue, WritableFields } from './editable.ts';
import { textAt } from './text.ts';
import { content, kind, kindOf, make, makeField, scalarAt, valueAt } from './value.ts';

export interface ArenaEditableOptions {
  readonly frame: Frame;
  readonly slots: ReadonlyMap<string, number>;
  /** Positions in `Frame.fields`. */
  readonly rows: ReadonlyMap<CallField, number>;
  readonly tests: readonly Test[];
  readonly all: boolean;
}

/** The message in a frame, for the code of one step. Where it meets something odd, the frame says so, and the code is called again. */
export class ArenaEditable implements Editable {
  private readonly frame: Frame;
  private readonly slots: ReadonlyMap<string, number>;
  private readonly rows: ReadonlyMap<CallField, number>;
  private readonly tests: readonly Test[];
  private readonly all: boolean;

  constructor({ frame, slots, rows, tests, all }: ArenaEditableOptions) {
    this.frame = frame;
    this.slots = slots;
    this.rows = rows;
    this.tests = tests;
    this.all = all;
  }

  get(key: string): PlainValue | undefined {
    const slot = this.slotOf(key);
    return this.frame.isPresent(slot) ? this.valueIn(slot) : undefined;
  }

  set(key: string, value: AnyValue): void {
    this.setSlot(this.slotOf(key), value);
  }

  delete(key: string): void {
    this.frame.remove(this.slotOf(key));
  }

  field<F extends CallField>(name: F): FieldValues[F] {
    return this.read(name) as FieldValues[F];
  }

  setField<F extends keyof WritableFields>(name: F, value: WritableFields[F]): void {
    const row = this.rowOf(name);
    const { frame } = this;
    const { fields } = frame;
    const slot = fields[row + 3] as number;
    if (name === 'trace_state' && value === '') {
      frame.remove(slot);
      fields[row + 1] = -1;
      fields[row + 2] = -1;
      return;
    }
    const start = makeField(frame.keys[8 * slot + 7] as number, value, name === 'body');
    if (start < 0) {
      frame.odd = true;
      return;
    }
    frame.set(slot, content, at.made, start);
    fields[row + 1] = content;
    fields[row + 2] = at.made;
  }

  holds(index: number): boolean {
    const test = this.tests[index];
    if (test === undefined) throw new RangeError(`the step asks for no condition ${index}`);
    return test();
  }

  each(visit: (key: string, index: number) => void): void {
    if (!this.all) throw new RangeError('the step does not say that it goes through all attributes');
    const { frame } = this;
    const { entryCount } = frame;
    for (let entry = 0; entry < entryCount && !frame.odd; entry++) {
      const slot = frame.attributeAt(entry);
      if (slot >= 0) visit(frame.keyOf(slot), entry);
    }
  }

  textAt(index: number): string | undefined {
    const { frame } = this;
    const slot = frame.attributeAt(index);
    const start = frame.valueAt(slot);
    if (start < 0) return undefined;
    const end = frame.valueEnd(slot);
    const found = kindOf(start, end);
    if (found === kind.odd) frame.odd = true;
    return found === kind.text ? textAt(content, end) : undefined;
  }

  valueAt(index: number): PlainValue {
    return this.valueIn(this.frame.attributeAt(index));
  }

  setAt(index: number, value: AnyValue): void {
    this.setSlot(this.frame.attributeAt(index), value);
  }

  removeAt(index: number): void {
    this.frame.remove(this.frame.attributeAt(index));
  }

  private slotOf(key: string): number {
    const slot = this.slots.get(key);
    if (slot === undefined) throw new RangeError(`the step does not name the attribute ${key}`);
    return slot;
  }

  private rowOf(name: CallField): number {
    const row = this.rows.get(name);
    if (row === undefined) throw new RangeError(`the step does not name the field ${name}`);
    return row;
  }

  private setSlot(slot: number, value: AnyValue): void {
    const { frame } = this;
    const start = make(value);
    if (start < 0) frame.odd = true;
    else frame.set(slot, start, at.made, -1);
  }

  private valueIn(slot: number): PlainValue {
    const { frame } = this;
    const start = frame.valueAt(slot);
    return start < 0 ? null : this.valueFrom(start, frame.valueEnd(slot));
  }

  private valueFrom(start: number, end: number): PlainValue {
    const scalar = scalarAt(start, end);
    if (scalar !== undefined) return scalar;
    if (kindOf(start, end) !== kind.odd) return plain(valueAt(start, end));
    this.frame.odd = true;
    return null;
  }

  private read(name: CallField): FieldValues[CallField] {
    const row = this.rowOf(name);
    const { fields } = this.frame;
    const start = fields[row + 1] as number;
    const end = fields[row + 2] as number;
    switch (name) {
      case 'severity_number':
      case 'kind':
      case 'status_code':
        return fields[row];
      case 'body':
        return start < 0 ? undefined : this.valueFrom(start, end);
      case 'trace_id':
        return bytes.subarray(Math.max(start, 0), Math.max(end, 0));
      case 'severity_text':
      case 'name':
      case 'trace_state':
        return start < 0 ? '' : textAt(start, end);
      // no default
    }
  }
}
