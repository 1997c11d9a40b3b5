import { hostBytes, isName } from './characters.ts';
import { HttpFault } from '../incoming.ts';

/** Headers that decide where the body ends, who is asked, and whether the connection goes on. One for each request. */
export class Framing {
  private host = false;
  private contentLength: number | undefined;
  private chunked = false;
  private close = false;
  private persist = false;
  expecting = false;

  /** Takes one header; of most nothing is known here. Throws HttpFault where it cannot be trusted. */
  header(bytes: Buffer, nameFrom: number, nameTo: number, from: number, to: number): void {
    switch (nameTo - nameFrom) {
      case 4:
        if (isName(bytes, nameFrom, 'host')) this.takeHost(bytes, from, to);
        break;
      case 6:
        if (isName(bytes, nameFrom, 'expect')) this.takeExpect(bytes, from, to);
        break;
      case 10:
        if (isName(bytes, nameFrom, 'connection')) this.takeConnection(bytes, from, to);
        break;
      case 14:
        if (isName(bytes, nameFrom, 'content-length')) this.takeLength(bytes, from, to);
        break;
      case 17:
        if (isName(bytes, nameFrom, 'transfer-encoding')) this.takeCoding(bytes, from, to);
        break;
      default:
    }
  }

  /** After the last header. Throws HttpFault where they contradict one another. */
  check(old: boolean): void {
    if (!this.host && !old) throw new HttpFault(400, 'a request without Host');
    if (!this.chunked) return;
    // Two ways to tell the length are one too many: whoever reads the other one sees other requests.
    if (this.contentLength !== undefined) throw new HttpFault(400, 'both Content-Length and Transfer-Encoding');
    if (old) throw new HttpFault(400, 'Transfer-Encoding in HTTP/1.0');
  }

  get length(): number | undefined {
    return this.chunked ? undefined : (this.contentLength ?? 0);
  }

  keepAlive(old: boolean): boolean {
    return !this.close && (!old || this.persist);
  }

  private takeHost(bytes: Buffer, from: number, to: number): void {
    if (this.host) throw new HttpFault(400, 'more than one Host');
    for (let at = from; at < to; at++)
      if (hostBytes[bytes[at] as number] === 0) throw new HttpFault(400, 'a Host that is none');
    this.host = true;
  }

  private takeExpect(bytes: Buffer, from: number, to: number): void {
    if (to - from !== 12 || !isName(bytes, from, '100-continue')) throw new HttpFault(417, 'an unknown expectation');
    this.expecting = true;
  }

  private takeConnection(bytes: Buffer, from: number, to: number): void {
    for (const token of bytes.toString('latin1', from, to).toLowerCase().split(',')) {
      const option = token.trim();
      if (option === 'close') this.close = true;
      else if (option === 'keep-alive') this.persist = true;
    }
  }

  private takeLength(bytes: Buffer, from: number, to: number): void {
    if (this.contentLength !== undefined) throw new HttpFault(400, 'more than one Content-Length');
    if (from === to) throw new HttpFault(400, 'an empty Content-Length');
    let length = 0;
    for (let at = from; at < to; at++) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) throw new HttpFault(400, 'a Content-Length that is no number');
      length = length * 10 + digit;
      if (length > Number.MAX_SAFE_INTEGER) throw new HttpFault(413, 'a Content-Length beyond all measure');
    }
    this.contentLength = length;
  }

  private takeCoding(bytes: Buffer, from: number, to: number): void {
    if (this.chunked) throw new HttpFault(400, 'more than one Transfer-Encoding');
    if (to - from !== 7 || !isName(bytes, from, 'chunked'))
      throw new HttpFault(501, 'a Transfer-Encoding other than chunked');
    this.chunked = true;
  }
}
