import type { Signal } from '../batch.ts';
import { decode } from './decode.ts';
import { encodeBytes } from './encode.ts';

/** The same request with U+FFFD for bytes of text that are not UTF-8. Text inside of fields that are not known stays as it is. */
export function repairUtf8(signal: Signal, bytes: Uint8Array): Uint8Array {
  return encodeBytes(decode({ signal, bytes }));
}
