/** Buffer with the methods behind `toString` and `write`, which save a fifth of the time for short strings. */
export interface NativeBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  hexSlice(start: number, end: number): string;
}
