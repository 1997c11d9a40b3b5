import type { Attributes, AnyValue } from '../codec/values.ts';
import type { LogRecord, Span, SpanEvent } from '../codec/records.ts';
import { copyOf, plain } from './change.ts';
import { attributesOf, fieldOf, holds, type View } from './hold.ts';
import type { CallField, FieldValues, Editable, PlainValue, WritableFields } from './editable.ts';
import type { Call } from './step.ts';

/** A decoded message, or an event of a span, for the code of one step: what `ArenaEditable` is for bytes. */
export class DecodedEditable implements Editable {
  private readonly step: Call;
  private readonly view: View;
  private readonly attributes: Attributes;
  private removed: number[] = [];
  changed = false;

  constructor(step: Call, view: View, event?: SpanEvent) {
    this.step = step;
    this.view = view;
    this.attributes = event?.attributes ?? attributesOf(view, step.on);
  }

  get(key: string): PlainValue | undefined {
    const attributes = this.named(key);
    return attributes.has(key) ? plain(copyOf(attributes.get(key) ?? null)) : undefined;
  }

  set(key: string, value: AnyValue): void {
    this.named(key).set(key, copyOf(value));
    this.changed = true;
  }

  delete(key: string): void {
    if (this.named(key).delete(key)) this.changed = true;
  }

  field<F extends CallField>(name: F): FieldValues[F] {
    return this.read(name) as FieldValues[F];
  }

  setField<F extends keyof WritableFields>(name: F, value: WritableFields[F]): void {
    this.checkField(name);
    const { record } = this.view;
    if (name === 'body') (record as LogRecord).body = copyOf(value);
    else (record as Span).traceState = value as string;
    this.changed = true;
  }

  holds(index: number): boolean {
    const condition = this.step.asks?.[index];
    if (condition === undefined) throw new RangeError(`the step asks for no condition ${index}`);
    return holds(condition, this.view);
  }

  each(visit: (key: string, index: number) => void): void {
    if (this.step.all !== true) throw new RangeError('the step does not say that it goes through all attributes');
    const { attributes } = this;
    const { size } = attributes;
    for (let index = 0; index < size; index++) visit(attributes.keyAt(index), index);
    for (const index of this.removed.toSorted((a, b) => b - a)) attributes.removeAt(index);
    this.removed = [];
  }

  textAt(index: number): string | undefined {
    const value = plain(this.attributes.valueAt(index));
    return typeof value === 'string' ? value : undefined;
  }

  valueAt(index: number): PlainValue {
    return plain(copyOf(this.attributes.valueAt(index) ?? null));
  }

  setAt(index: number, value: AnyValue): void {
    this.attributes.setAt(index, copyOf(value));
    this.changed = true;
  }

  removeAt(index: number): void {
    this.removed.push(index);
    this.changed = true;
  }

  private named(key: string): Attributes {
    if (this.step.keys?.includes(key) !== true) throw new RangeError(`the step does not name the attribute ${key}`);
    return this.attributes;
  }

  private checkField(name: CallField): void {
    if (this.step.fields?.includes(name) !== true) throw new RangeError(`the step does not name the field ${name}`);
  }

  private read(name: CallField): FieldValues[CallField] {
    this.checkField(name);
    const { record, place } = this.view;
    if (name === 'trace_id') return Buffer.from((record as LogRecord | Span).traceId, 'hex');
    if (name === 'trace_state') return (record as Span).traceState;
    const value = fieldOf(name, { place, record });
    return value === undefined ? undefined : plain(copyOf(value));
  }
}
