import type { NumberKind } from './number-kind.ts';

/** A member of a JSON object. */
export type JsonMember = JsonValue & {
  readonly name: string;
  /** Written only where the member in front of it was left out. */
  readonly instead?: boolean;
};

/** A value, and the field of a message that it tells of. */
export type JsonValue =
  /** Text, or bytes as hex digits: left out where it is empty, unless it is `always` written. */
  | { readonly field: number; readonly as: 'string' | 'hex'; readonly always?: boolean }
  | {
      readonly field: number;
      /**
       * A time in nanoseconds, a `fixed64`: left out where it is 0. An
       * AnyValue as plain JSON: `null` where it is absent. A varint as a bool: never left out. A varint as a count: left out unless
       * it is above 0. An AnyValue as text, which is no JSON: left out where nothing is set.
       */
      readonly as: 'time' | 'value' | 'bool' | 'count' | 'text';
    }
  /** A number; where it is absent it is left out, or else 0. */
  | { readonly field: number; readonly as: NumberKind; readonly always?: boolean }
  /** The nanoseconds from the time in another field to that in this one; left out where this one is 0. */
  | { readonly field: number; readonly as: 'elapsed'; readonly since: number }
  /** All numbers of a field. */
  | { readonly field: number; readonly as: 'numbers'; readonly of: NumberKind }
  /**
   * A varint as one of these, each JSON of its own; of numbers beyond them, the digits as a string. It is left out where it is 0 or,
   * unless it is `signed`, negative. If it is `always` written, then as the first where it is none of them.
   */
  | {
      readonly field: number;
      readonly as: 'names';
      readonly names: readonly string[];
      readonly signed?: boolean;
      readonly always?: boolean;
    }
  /** A list of objects, one for each message in the field; left out where there is none, unless it is `always` written. */
  | { readonly field: number; readonly as: 'objects'; readonly of: JsonShape; readonly always?: boolean }
  /** The attributes of the message as an object. */
  | { readonly as: 'attributes' }
  /** The same JSON for each message. */
  | { readonly as: 'json'; readonly json: string };

/** The members of a message that stands in the field, as if they were of the message around it. */
export interface JsonInside {
  readonly field: number;
  readonly as: 'inside';
  readonly of: JsonShape;
}

/** What is written of a message, in order: members of a JSON object, or values without names in a row. Made once. */
export interface JsonShape {
  readonly members: readonly (JsonMember | JsonValue | JsonInside)[];
  /** The field of the attributes, for messages within a record. */
  readonly attributes: number;
}

export function jsonShape(members: JsonShape['members'], attributes = 0): JsonShape {
  return { members, attributes };
}
