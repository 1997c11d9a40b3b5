import type { Meta, Signal } from '../batch.ts';
import type { AnyValue } from '../codec/values.ts';
import { encodeValue } from './constant.ts';
import { Frame, headSize, type FrameOptions } from './frame.ts';
import { KeyPatterns } from './key-patterns.ts';
import {
  changesOf,
  conditionsOf,
  groupNames,
  keysOf,
  level,
  levelOfSubject,
  levels,
  stateless,
  subjectsOf,
  targetOf,
  type Level,
} from './levels.ts';
import { Registers } from './registers.ts';
import { eventsTag, watchOf } from './shape.ts';
import type { CallField } from './editable.ts';
import type { Call, Change, FieldName, Step, Subject } from './step.ts';

/** Runs at one message. True: the record is dropped. */
export type Operation = () => boolean;

/** Key patterns of one level; a verdict on a key is a bit each. */
const mostPatterns = 31;

/** What the parts of a plan have in common while it is made: frames, constants, and one program per level. */
export class Compilation {
  readonly signal: Signal;
  readonly frames: readonly Frame[];
  readonly programs: readonly Operation[][] = levels.map(() => []);
  readonly registers = new Registers();
  private readonly constants: Uint8Array[] = [];
  private constantsSize = 0;
  private readonly slots: readonly Map<string, number>[];
  private readonly fieldRegisters: readonly Map<FieldName | CallField, number>[];
  private readonly patterns: readonly RegExp[][];
  private readonly nextPattern = levels.map(() => 0);
  /** Facts about the request that become values at the start of each run. */
  readonly inputs: { readonly register: number; readonly read: (meta: Meta) => string | undefined }[] = [];

  constructor(signal: Signal, steps: readonly Step[]) {
    this.signal = signal;
    this.slots = levels.map(() => new Map<string, number>());
    this.fieldRegisters = levels.map(() => new Map<FieldName | CallField, number>());
    this.patterns = levels.map(() => []);
    for (const step of steps) this.collect(step);
    this.frames = levels.map((own) => new Frame(this.frameOptions(own, steps)));
  }

  /** Takes note of all that a step is about. */
  private collect(step: Step): void {
    const own = level[targetOf(step)];
    const changes = changesOf(step);
    for (const change of changes) {
      for (const key of keysOf(change)) this.addSlot(own, key);
      if (change.do === 'delete' || change.do === 'hash') {
        if (change.pattern !== undefined) this.patterns[own]?.push(stateless(change.pattern));
      }
      if ('from' in change && 'attribute' in change.from) this.addSlot(level[change.from.of], change.from.attribute);
    }
    for (const subject of conditionsOf(step).flatMap(subjectsOf)) this.addSubject(subject);
    if (step.do === 'call') {
      for (const key of step.keys ?? []) this.addSlot(own, key);
      for (const field of step.fields ?? []) this.addField(own, field);
    }
  }

  private addSlot(own: Level, key: string): void {
    const slots = this.slots[own] as Map<string, number>;
    if (!slots.has(key)) slots.set(key, slots.size);
  }

  private addSubject(subject: Subject): void {
    const own = levelOfSubject(this.signal, subject);
    if ('attribute' in subject) return this.addSlot(own, subject.attribute);
    if (watchOf(this.signal, subject.field) !== undefined) this.addField(own, subject.field);
  }

  private addField(own: Level, field: FieldName | CallField): void {
    const registers = this.fieldRegisters[own] as Map<FieldName | CallField, number>;
    if (!registers.has(field)) registers.set(field, registers.size);
  }

  private frameOptions(own: Level, steps: readonly Step[]): FrameOptions {
    const keys = [...(this.slots[own] as Map<string, number>).keys()];
    const patterns = this.patterns[own] as RegExp[];
    const changes = steps.flatMap(changesOf).filter(({ on }) => level[on] === own);
    const fields = [...(this.fieldRegisters[own] as Map<FieldName | CallField, number>).keys()];
    const calls = steps.filter((step): step is Call => step.do === 'call' && level[step.on] === own);
    const written = new Set(calls.flatMap((call) => call.fields?.filter(isWritable) ?? []));
    const all = calls.some((call) => call.all);
    return {
      ...this.headsOf(keys),
      patterns:
        (patterns.length === 0 && !all) || patterns.length > mostPatterns ? undefined : new KeyPatterns(patterns, all),
      fields: fields.map((field) => watchOf(this.signal, field) as readonly [number, number]),
      writable: [...written].map((field) => fields.indexOf(field)),
      nested: all && own === level.record && this.signal === 'traces' ? [eventsTag] : [],
      additions:
        changes.reduce((sum, change) => sum + additionsOf(change), 0) +
        calls.reduce((sum, call) => sum + (call.keys?.length ?? 0) + written.size, 0),
    };
  }

  private headsOf(keys: readonly string[]): Pick<FrameOptions, 'keys' | 'headAt'> {
    const encoded = keys.map((key) => Buffer.from(key));
    return { keys: encoded, headAt: encoded.map((key) => this.constant(headOf(key))) };
  }

  /** A frame for the events of spans: of their attributes, those of the keys, and all others. */
  eventFrame(keys: readonly string[]): Frame {
    const patterns = new KeyPatterns([], true);
    const additions = keys.length;
    return new Frame({ ...this.headsOf(keys), patterns, fields: [], writable: [], nested: [], additions });
  }

  frame(own: Level): Frame {
    return this.frames[own] as Frame;
  }

  push(own: Level, operation: Operation): void {
    this.programs[own]?.push(operation);
  }

  slot(own: Level, key: string): number {
    return this.slots[own]?.get(key) as number;
  }

  /** The register of a field, or undefined where the signal has no such field. */
  field(own: Level, name: FieldName | CallField): number | undefined {
    return this.fieldRegisters[own]?.get(name);
  }

  /** The bit of the next key pattern of a level, in the order of the steps. */
  patternBit(own: Level): number {
    const bit = this.nextPattern[own] as number;
    this.nextPattern[own] = bit + 1;
    return 1 << bit;
  }

  /** The register of a fact about the request. */
  input(read: (meta: Meta) => string | undefined): number {
    const register = this.registers.value();
    this.inputs.push({ register, read });
    return register;
  }

  /** Puts bytes among the constants. Returns where they stand in the arena. */
  constant(bytes: Uint8Array): number {
    const at = this.constantsSize;
    this.constants.push(bytes);
    this.constantsSize += bytes.length;
    return at;
  }

  /** A whole attribute as a constant: where the field begins, where its value begins and where both end. */
  attribute(key: string, value: AnyValue): { fieldAt: number; valueAt: number; valueEnd: number } {
    const encoded = encodeValue(value);
    const head = headOf(Buffer.from(key));
    const pair = Buffer.concat([head, Buffer.of(0x12), varintOf(encoded.length), encoded]);
    const fieldAt = this.constant(Buffer.concat([Buffer.of(0), varintOf(pair.length), pair]));
    return { fieldAt, valueAt: this.constantsSize - encoded.length, valueEnd: this.constantsSize };
  }

  /** All constants, for the start of the arena. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.constants);
  }

  /** Whether some level has more key patterns than a verdict has bits. */
  get tooManyPatterns(): boolean {
    return this.patterns.some(({ length }) => length > mostPatterns);
  }
}

function isWritable(field: CallField): boolean {
  return field === 'body' || field === 'trace_state';
}

function additionsOf(change: Change): number {
  return change.do === 'extract' ? groupNames(change.pattern).length : 1;
}

function headOf(key: Uint8Array): Uint8Array {
  const head = Buffer.concat([Buffer.of(0x0a), varintOf(key.length), key]);
  if (head.length !== headSize(key.length)) throw new RangeError(`an attribute key of ${key.length} bytes`);
  return head;
}

function varintOf(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) digits.push((rest & 127) | 128);
  return Buffer.from([...digits, rest]);
}
