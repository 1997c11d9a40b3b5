import { Attributes, RawValue, type AnyValue } from 'sluice/plugin';

/** The JSON text of an attribute's value: ints with all their digits, doubles with a fraction, bytes as base64, lists of pairs as objects. */
export function jsonOf(value: AnyValue | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return jsonDouble(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return value === undefined || value === null ? 'null' : structured(value);
}

function structured(value: Uint8Array | AnyValue[] | Attributes | RawValue): string {
  if (value instanceof RawValue) return jsonOf(value.value);
  if (value instanceof Attributes) return new JsonObject().addAll(value).toString();
  if (Array.isArray(value)) return `[${value.map(jsonOf).join()}]`;
  return JSON.stringify(Buffer.from(value).toString('base64'));
}

/** `5.0` for 5, so that who guesses a type from the first value sees a floating-point number; text where JSON has no number for it. */
export function jsonDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** A JSON object that is being put together: any text is a name, and the first value of a name counts. */
export class JsonObject {
  private readonly members = new Map<string, string>();

  get size(): number {
    return this.members.size;
  }

  /** `json` is JSON text. */
  add(name: string, json: string): this {
    if (!this.members.has(name)) this.members.set(name, json);
    return this;
  }

  /** Nothing where the text is empty. */
  addText(name: string, text: string): this {
    return text === '' ? this : this.add(name, JSON.stringify(text));
  }

  /** Nothing for 0. */
  addNumber(name: string, value: number | bigint): this {
    return Number(value) === 0 ? this : this.add(name, String(value));
  }

  /** Nothing where the object is empty. */
  addObject(name: string, object: JsonObject): this {
    return object.size === 0 ? this : this.add(name, object.toString());
  }

  /** Every attribute that `wanted` lets through, named by `name`. */
  addAll(attributes: Attributes, wanted?: (key: string) => boolean, name?: (key: string) => string): this {
    for (const [key, value] of attributes)
      if (wanted === undefined || wanted(key)) this.add(name === undefined ? key : name(key), jsonOf(value));
    return this;
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    yield* this.members;
  }

  toString(): string {
    return `{${[...this.members].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`;
  }
}

/** Nanoseconds since the epoch as `2026-01-02T03:04:05.123456789Z`. */
export function isoTime(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, -5);
  return `${seconds}.${(nanos % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}
