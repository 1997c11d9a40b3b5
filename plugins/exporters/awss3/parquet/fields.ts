import type { Attributes } from 'sluice/plugin';
import { flatColumn, type Column } from './column.ts';
import { jsonOfAttributes } from './json.ts';
import type { Leaf, Sheet } from './leaf.ts';
import { MapColumn } from './map-column.ts';
import { boolean, double, int32, int64, uint32, uint64 } from './number-leaves.ts';
import { text } from './text-leaf.ts';
import { timestamp } from './time-leaf.ts';

/** A column and what of a row goes into it. */
export interface Field<R> extends Column {
  add(row: R): void;
}

/** A column of values that many rows in a row share. */
export interface SharedField<P> extends Column {
  addMany(place: P, count: number): void;
}

/** How attributes are written: as JSON text, or as MAP of text to text. */
export type AttributeStyle = 'json' | 'map';

type Get<R, T> = (row: R) => T | undefined;

/** Makes the columns of one file. What a getter leaves undefined is null; so are empty text and the time 0, which say nothing. */
export class Fields<R> {
  private readonly sheet: Sheet;

  constructor(sheet: Sheet) {
    this.sheet = sheet;
  }

  /** Text of which the same values come again and again. */
  text(name: string, get: Get<R, string>): Field<R> {
    const leaf = text(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row) || undefined));
  }

  sharedText(name: string, get: Get<R, string>): SharedField<R> {
    const leaf = text(this.sheet, name);
    return { ...flatColumn(leaf), addMany: (place, count) => leaf.addMany(get(place) || undefined, count) };
  }

  /** Text that nearly every row has its own of. */
  variedText(name: string, get: Get<R, string>): Field<R> {
    const leaf = text(this.sheet, name, { varied: true });
    return field(leaf, (row) => leaf.add(get(row) || undefined));
  }

  /** As `variedText`, but that empty text is kept. */
  exactText(name: string, get: Get<R, string>): Field<R> {
    const leaf = text(this.sheet, name, { varied: true });
    return field(leaf, (row) => leaf.add(get(row)));
  }

  /** Nanoseconds since the epoch, 64 bits unsigned. */
  time(name: string, get: Get<R, bigint>): Field<R> {
    const leaf = timestamp(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  int32(name: string, get: Get<R, number>): Field<R> {
    const leaf = int32(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  uint32(name: string, get: Get<R, number>): Field<R> {
    const leaf = uint32(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  int64(name: string, get: Get<R, bigint>): Field<R> {
    const leaf = int64(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  uint64(name: string, get: Get<R, bigint>): Field<R> {
    const leaf = uint64(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  double(name: string, get: Get<R, number>): Field<R> {
    const leaf = double(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  boolean(name: string, get: Get<R, boolean>): Field<R> {
    const leaf = boolean(this.sheet, name);
    return field(leaf, (row) => leaf.add(get(row)));
  }

  attributes(style: AttributeStyle, name: string, get: (row: R) => Attributes): Field<R> {
    if (style === 'json') return this.variedText(name, (row) => jsonOfAttributes(get(row)));
    const map = new MapColumn(this.sheet, name);
    return { elements: map.elements, leaves: map.leaves, add: (row) => map.add(get(row)) };
  }

  sharedMap(name: string, get: (place: R) => Attributes): SharedField<R> {
    const map = new MapColumn(this.sheet, name);
    return {
      elements: map.elements,
      leaves: map.leaves,
      addMany(place, count) {
        for (let i = 0; i < count; i++) map.add(get(place));
      },
    };
  }
}

/** A column of one leaf. */
export function field<R>(leaf: Leaf, add: (row: R) => void): Field<R> {
  return { ...flatColumn(leaf), add };
}
