import { recordsOf, resourcesOf, scopesOf, type Batch, type Range } from 'sluice/plugin';
import type { Limits } from './config.ts';

/** What the bytes of a batch say about the limits. */
export interface Looked {
  /** False is certain; true may be a false alarm, since bytes are counted here where characters are meant. */
  readonly mayExceed: boolean;
  /** Records whose time lies too far back, or ahead. */
  readonly tooOld: number;
  readonly tooFarAhead: number;
}

/** A message with attributes: the fields of its name and of its attributes, and what they may be. */
interface Shape {
  readonly name: number;
  readonly nameLength: number;
  readonly attributes: number;
  readonly most: number;
}

const noField = 0;

/** Goes over the spans or log records of batches without decoding them. The bytes were checked on receipt. */
export class Look {
  private readonly limits: Limits;
  private readonly event: Shape;
  private readonly link: Shape;
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private position = 0;
  private mayExceed = false;

  constructor(limits: Limits) {
    this.limits = limits;
    this.event = {
      name: 2,
      nameLength: limits.event_name_length,
      attributes: 3,
      most: limits.attributes_per_event,
    };
    this.link = { name: noField, nameLength: 0, attributes: 4, most: limits.attributes_per_link };
  }

  /** `now` in milliseconds since the epoch. */
  at(batch: Batch, now: number): Looked {
    const { bytes, signal } = batch;
    const { max_age: maxAge, max_future: maxFuture } = this.limits;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.mayExceed = false;
    let tooOld = 0;
    let tooFarAhead = 0;
    for (const resource of resourcesOf(batch)) {
      for (const scope of scopesOf(batch, resource)) {
        for (const record of recordsOf(batch, scope)) {
          const time = signal === 'traces' ? this.span(record) : this.logRecord(record);
          if (time === 0) continue;
          if (maxAge > 0 && time < now - maxAge) tooOld += 1;
          else if (maxFuture > 0 && time > now + maxFuture) tooFarAhead += 1;
        }
      }
    }
    return { mayExceed: this.mayExceed, tooOld, tooFarAhead };
  }

  /** Returns the time of its end in milliseconds; 0 where there is none. */
  private span({ start, end }: Range): number {
    const { limits, event, link } = this;
    let [attributes, events, links, time] = [0, 0, 0, 0];
    this.position = start;
    while (this.position < end) {
      const field = this.tag();
      const from = this.position;
      const length = this.value(field.wireType);
      const to = this.position;
      if (field.number === 5) this.atMost(length, limits.span_name_length);
      else if (field.number === 8 && field.wireType === 1) time = this.time(from);
      else if (field.number === 9) {
        this.atMost((attributes += 1), limits.attributes_per_span);
        this.attribute(to - length, to);
      } else if (field.number === 11) {
        this.atMost((events += 1), limits.events_per_span);
        this.part(event, to - length, to);
      } else if (field.number === 13) {
        this.atMost((links += 1), limits.links_per_span);
        this.part(link, to - length, to);
      }
      this.position = to;
    }
    return time;
  }

  /** Returns its time in milliseconds, or that of its observation; 0 where there is neither. */
  private logRecord({ start, end }: Range): number {
    const { limits } = this;
    let [attributes, time, observed] = [0, 0, 0];
    this.position = start;
    while (this.position < end) {
      const field = this.tag();
      const from = this.position;
      const length = this.value(field.wireType);
      const to = this.position;
      if (field.number === 1 && field.wireType === 1) time = this.time(from);
      else if (field.number === 11 && field.wireType === 1) observed = this.time(from);
      else if (field.number === 5) this.atMost(length, limits.log_body_size);
      else if (field.number === 6) {
        this.atMost((attributes += 1), limits.attributes_per_log_record);
        this.attribute(to - length, to);
      }
      this.position = to;
    }
    return time === 0 ? observed : time;
  }

  private part(shape: Shape, start: number, end: number): void {
    let attributes = 0;
    this.position = start;
    while (this.position < end) {
      const field = this.tag();
      const length = this.value(field.wireType);
      const to = this.position;
      if (field.number === shape.name) this.atMost(length, shape.nameLength);
      else if (field.number === shape.attributes) {
        this.atMost((attributes += 1), shape.most);
        this.attribute(to - length, to);
      }
      this.position = to;
    }
  }

  private attribute(start: number, end: number): void {
    const { attribute_key_length: key, attribute_value_length: value } = this.limits;
    // The whole is no longer than either may be: by far the most.
    if (end - start <= Math.min(key, value)) return;
    this.position = start;
    while (this.position < end) {
      const field = this.tag();
      const length = this.value(field.wireType);
      this.atMost(length, field.number === 1 ? key : value);
    }
  }

  private atMost(value: number, most: number): void {
    if (value > most) this.mayExceed = true;
  }

  private readonly field = { number: 0, wireType: 0 };

  /** The same object each time. */
  private tag(): { readonly number: number; readonly wireType: number } {
    const tag = this.varint();
    this.field.number = Math.floor(tag / 8);
    this.field.wireType = tag % 8;
    return this.field;
  }

  /** Passes over a value; returns the length of one that has a length, 0 for others. */
  private value(wireType: number): number {
    if (wireType === 2) {
      const length = this.varint();
      this.position += length;
      return length;
    }
    if (wireType === 0) this.varint();
    else this.position += wireType === 1 ? 8 : 4;
    return 0;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.position++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  private time(at: number): number {
    return (this.view.getUint32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true)) / 1e6;
  }
}
