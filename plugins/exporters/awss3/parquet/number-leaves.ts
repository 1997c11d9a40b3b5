import { Leaf, type Sheet } from './leaf.ts';
import type { SchemaElement, Statistics } from './thrift.ts';

abstract class OrderedLeaf<T extends number | bigint> extends Leaf {
  private least: T | undefined = undefined;
  private most: T | undefined = undefined;

  add(value: T | undefined): void {
    if (value === undefined) {
      this.absent();
      return;
    }
    if (this.least === undefined || value < this.least) this.least = value;
    if (this.most === undefined || value > this.most) this.most = value;
    this.put(value);
    this.present();
  }

  protected abstract put(value: T): void;

  protected override range(): Statistics {
    return {
      ...(this.least !== undefined && { min_value: this.least }),
      ...(this.most !== undefined && { max_value: this.most }),
    };
  }

  protected override reset(): void {
    this.least = this.most = undefined;
  }
}

class Int32Leaf extends OrderedLeaf<number> {
  protected override put(value: number): void {
    this.sheet.size += 4;
    this.values.int32(value);
  }
}

class Int64Leaf extends OrderedLeaf<bigint> {
  protected override put(value: bigint): void {
    this.sheet.size += 8;
    this.values.int64(value);
  }
}

class DoubleLeaf extends Leaf {
  add(value: number | undefined): void {
    if (value === undefined) {
      this.absent();
      return;
    }
    this.sheet.size += 8;
    this.values.double(value);
    this.present();
  }

  // Bounds of doubles need care with NaN and -0, and nobody prunes by them.
  protected override range(): Statistics {
    return {};
  }

  protected override reset(): void {}
}

class BooleanLeaf extends Leaf {
  private bit = 0;
  private current = 0;

  add(value: boolean | undefined): void {
    if (value === undefined) {
      this.absent();
      return;
    }
    if (value) this.current |= 1 << this.bit;
    this.bit += 1;
    if (this.bit === 8) this.flush();
    this.present();
  }

  protected override endPage(): void {
    if (this.bit > 0) this.flush();
    super.endPage();
  }

  protected override range(): Statistics {
    return {};
  }

  protected override reset(): void {}

  private flush(): void {
    this.values.byte(this.current);
    this.bit = this.current = 0;
  }
}

export type { BooleanLeaf, DoubleLeaf, Int32Leaf, Int64Leaf };

const optional = { repetition_type: 'OPTIONAL' } as const satisfies Partial<SchemaElement>;

export function int32(sheet: Sheet, name: string): Int32Leaf {
  return new Int32Leaf(sheet, { name, type: 'INT32', ...optional });
}

// No logical type beside the converted one: hyparquet-writer encodes its bit width as a type that other readers refuse.
export function uint32(sheet: Sheet, name: string): Int32Leaf {
  return new Int32Leaf(sheet, {
    name,
    type: 'INT32',
    converted_type: 'UINT_32',
    ...optional,
  });
}

export function int64(sheet: Sheet, name: string): Int64Leaf {
  return new Int64Leaf(sheet, { name, type: 'INT64', ...optional });
}

export function uint64(sheet: Sheet, name: string): Int64Leaf {
  return new Int64Leaf(sheet, {
    name,
    type: 'INT64',
    converted_type: 'UINT_64',
    ...optional,
  });
}

export function double(sheet: Sheet, name: string): DoubleLeaf {
  return new DoubleLeaf(sheet, { name, type: 'DOUBLE', ...optional });
}

export function boolean(sheet: Sheet, name: string): BooleanLeaf {
  return new BooleanLeaf(sheet, { name, type: 'BOOLEAN', ...optional });
}
