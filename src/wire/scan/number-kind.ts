/** How a number is encoded; `int64` is a varint of any size, signed. */
export type NumberKind = 'double' | 'fixed64' | 'sfixed64' | 'uint64' | 'sint32' | 'int64' | 'fixed32';

/** By the numbers that the kernel knows them by (src/wire/scan/kernel/numbers.as). */
export const numberKinds = {
  double: 0,
  fixed64: 1,
  sfixed64: 2,
  uint64: 3,
  sint32: 4,
  int64: 5,
  fixed32: 6,
} as const satisfies Record<NumberKind, number>;
