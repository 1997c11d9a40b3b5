import type { Codec } from './codec.ts';
import { ColumnChunkBuilder, type DataPage, type FinishedChunk } from './column-chunk.ts';
import { Levels } from './levels.ts';
import { PlainBytes } from './plain-bytes.ts';
import type { SchemaElement, Statistics } from './thrift.ts';

/** What the columns of one file share. */
export interface Sheet {
  readonly codec: Codec;
  /** Bytes of values, uncompressed, in the row group so far. */
  size: number;
}

/** Where a leaf stands in the schema, and how deep its levels go. */
export interface LeafPlace {
  readonly path: readonly string[];
  readonly maxDefinition: 1 | 2;
  readonly repeated: boolean;
}

const pageBytes = 1024 * 1024;
const pageSlots = 50_000;

/** A column of values of one type: the leaf of a schema. Values go in one by one and come out as column chunks. */
export abstract class Leaf {
  readonly element: SchemaElement;
  protected readonly sheet: Sheet;
  protected readonly values = new PlainBytes();
  private readonly place: LeafPlace;
  private readonly definitions: Levels;
  private readonly repetitions: Levels | undefined;
  private readonly chunk: ColumnChunkBuilder;
  private nulls = 0;
  private rows = 0;

  constructor(sheet: Sheet, element: SchemaElement, place: LeafPlace = flat(element.name)) {
    this.sheet = sheet;
    this.element = element;
    this.place = place;
    this.definitions = new Levels(place.maxDefinition);
    this.repetitions = place.repeated ? new Levels(1) : undefined;
    this.chunk = new ColumnChunkBuilder(sheet.codec);
  }

  /** A slot without a value: null, or, in a map, no entry. `repetition` is 0 for the first slot of a row. */
  absent(definition = 0, repetition = 0): void {
    this.nulls += 1;
    this.level(definition, repetition);
  }

  /** Rows without a value, in a column that is not repeated. No more than `room`. */
  protected absentMany(count: number): void {
    this.nulls += count;
    this.levels(0, count);
  }

  /** Rows that have a value each. No more than `room`. */
  protected presentMany(count: number): void {
    this.levels(this.place.maxDefinition, count);
  }

  /** Rows whose values, of those that have one, are there; in a column that is not repeated. The page takes them all. */
  protected slots(count: number, present: number, isPresent: (row: number) => boolean): void {
    this.nulls += count - present;
    this.rows += count;
    if (present === 0 || present === count)
      this.definitions.pushMany(present === 0 ? 0 : this.place.maxDefinition, count);
    else for (let row = 0; row < count; row++) this.definitions.push(isPresent(row) ? this.place.maxDefinition : 0);
    this.endRow();
  }

  /** How many rows the page takes. */
  protected get room(): number {
    return pageSlots - this.definitions.count;
  }

  /** Has to follow the slots of a row in a repeated column; the others do it themselves. A page ends with a row. */
  endRow(): void {
    if (this.values.length >= pageBytes || this.definitions.count >= pageSlots) this.endPage();
  }

  /** The chunk of the row group that ends here. */
  finish(): FinishedChunk {
    this.endPage();
    const dictionary = this.dictionary();
    const column = {
      type: this.element.type as NonNullable<SchemaElement['type']>,
      path_in_schema: [...this.place.path],
    };
    const finished = this.chunk.finish(column, this.range(), dictionary);
    this.reset();
    return finished;
  }

  /** A slot that has a value; the value itself goes to `values`. */
  protected present(repetition = 0): void {
    this.level(this.place.maxDefinition, repetition);
  }

  protected endPage(): void {
    const slots = this.definitions.count;
    if (slots === 0) return;
    const page = this.page();
    this.chunk.add({
      ...page,
      repetition: this.repetitions?.take() ?? new Uint8Array(0),
      definition: this.definitions.take(),
      slots,
      nulls: this.nulls,
      rows: this.rows,
    });
    this.values.clear();
    this.nulls = this.rows = 0;
  }

  /** The values of the page that ends. */
  protected page(): Pick<DataPage, 'encoding' | 'values'> {
    return { encoding: 'PLAIN', values: this.values.written() };
  }

  protected dictionary(): { readonly values: Uint8Array; readonly count: number } | undefined {
    return undefined;
  }

  /** The smallest and the largest value of the chunk. */
  protected abstract range(): Statistics;
  /** Forgets the chunk. */
  protected abstract reset(): void;

  private levels(definition: number, count: number): void {
    this.definitions.pushMany(definition, count);
    this.rows += count;
    this.endRow();
  }

  private level(definition: number, repetition: number): void {
    this.definitions.push(definition);
    this.repetitions?.push(repetition);
    if (repetition === 0) this.rows += 1;
    if (!this.place.repeated) this.endRow();
  }
}

function flat(name: string): LeafPlace {
  return { path: [name], maxDefinition: 1, repeated: false };
}
