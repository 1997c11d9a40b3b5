import type { FieldKind } from '../schema.ts';

/** The wire type of one value of each kind. */
export const wireTypes: Readonly<Record<FieldKind, number>> = {
  string: 2,
  bytes: 2,
  hex: 2,
  message: 2,
  bool: 0,
  uint32: 0,
  int64: 0,
  uint64: 0,
  sint32: 0,
  enum: 0,
  fixed32: 5,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
};
