import { colon, cr, lf, tokenBytes, valueBytes } from './characters.ts';
import { HttpFault } from '../incoming.ts';

const maxSizeDigits = 12;
/** Bytes of extensions, and of trailers, over a whole body. Nobody reads either. */
const maxExtensions = 4 * 1024;
const maxTrailers = 8 * 1024;

type TrailerState = 'trailers' | 'trailer-name' | 'trailer-value' | 'trailer-lf' | 'last-lf';
type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | TrailerState | 'end';

/** Takes a body in chunks apart (RFC 9112, section 7.1). */
export class Chunks {
  private state: State = 'size';
  private left = 0;
  private digits = 0;
  private extensions = 0;
  private trailers = 0;

  get ended(): boolean {
    return this.state === 'end';
  }

  /** Passes on the data in `bytes` from `from` on, until the body or the bytes end: the place after it. May throw HttpFault. */
  read(bytes: Buffer, from: number, data: (piece: Buffer) => void): number {
    let at = from;
    while (at < bytes.length && this.state !== 'end') {
      if (this.state !== 'data') {
        this.state = this.next(bytes[at] as number);
        at++;
        continue;
      }
      const taken = Math.min(this.left, bytes.length - at);
      this.left -= taken;
      if (this.left === 0) this.state = 'data-cr';
      data(bytes.subarray(at, at + taken));
      at += taken;
    }
    return at;
  }

  private next(byte: number): State {
    switch (this.state) {
      case 'size':
        return this.size(byte);
      case 'extension':
        if (byte === cr) return 'size-lf';
        if (++this.extensions > maxExtensions) throw new HttpFault(413, 'too many chunk extensions');
        return allowed(valueBytes, byte, 'extension', 'a chunk extension that is none');
      case 'size-lf':
        if (byte !== lf) throw new HttpFault(400, 'a chunk size without its line end');
        this.digits = 0;
        return this.left === 0 ? 'trailers' : 'data';
      case 'data-cr':
        if (byte !== cr) throw new HttpFault(400, 'a chunk that is longer than its size');
        return 'data-lf';
      case 'data-lf':
        if (byte !== lf) throw new HttpFault(400, 'a chunk without its line end');
        return 'size';
      case 'data':
      case 'end':
        return this.state;
      case 'trailers':
      case 'trailer-name':
      case 'trailer-value':
      case 'trailer-lf':
      case 'last-lf':
        return this.trailer(this.state, byte);
    }
  }

  private size(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.digits > maxSizeDigits) throw new HttpFault(400, 'a chunk size beyond all measure');
      this.left = this.left * 16 + digit;
      return 'size';
    }
    if (this.digits === 0) throw new HttpFault(400, 'a chunk without its size');
    if (byte === cr) return 'size-lf';
    if (byte === semicolon) return 'extension';
    throw new HttpFault(400, 'a chunk size that is no number');
  }

  private trailer(state: TrailerState, byte: number): State {
    if (++this.trailers > maxTrailers) throw new HttpFault(431, 'trailers that are too long');
    switch (state) {
      case 'trailers':
        if (byte === cr) return 'last-lf';
        return allowed(tokenBytes, byte, 'trailer-name', 'a line that is no trailer');
      case 'trailer-name':
        if (byte === colon) return 'trailer-value';
        return allowed(tokenBytes, byte, 'trailer-name', 'a line that is no trailer');
      case 'trailer-value':
        if (byte === cr) return 'trailer-lf';
        return allowed(valueBytes, byte, 'trailer-value', 'a trailer that is none');
      case 'trailer-lf':
        if (byte !== lf) throw new HttpFault(400, 'a CR without LF');
        return 'trailers';
      case 'last-lf':
        if (byte !== lf) throw new HttpFault(400, 'a CR without LF');
        return 'end';
    }
  }
}

const semicolon = 59;

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function allowed(table: Uint8Array, byte: number, then: State, message: string): State {
  if (table[byte] === 0) throw new HttpFault(400, message);
  return then;
}
