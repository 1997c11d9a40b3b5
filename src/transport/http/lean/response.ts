import { STATUS_CODES } from 'node:http';
import type { Output } from '../../socket/output.ts';
import type { Answer } from '../incoming.ts';

/** Bytes of text that are written at once, beside the head. */
const smallText = 16 * 1024;
/** What the transport says itself. */
const own = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);
const forbidden = /[^\t\x20-\x7e\x80-\xff]/;
const badName = /[^\w!#$%&'*+.^`|~-]/;

export const continueLine = 'HTTP/1.1 100 Continue\r\n\r\n';

/** Writes answers. One for each server. */
export class ResponseWriter {
  private readonly keep: string;
  private readonly lines = new Map<number, string>();
  private second = 0;
  private date = '';

  /** `idleTimeout` in milliseconds is told to senders, so that they do not use a connection that is about to end; 0 is never. */
  constructor(idleTimeout: number) {
    const seconds = Math.floor(idleTimeout / 1000);
    this.keep = `connection: keep-alive\r\n${seconds > 0 ? `keep-alive: timeout=${seconds}\r\n` : ''}`;
  }

  /** Throws an Error where a header cannot be written; nothing is written then. `bodiless` is an answer to HEAD. */
  write(output: Output, { status, headers, body, last }: Answer, bodiless: boolean): void {
    let head =
      this.statusLine(status) + fields(headers) + this.dateLine() + (last ? 'connection: close\r\n' : this.keep);
    if (status === 204 || status === 304) {
      output.latin1(`${head}\r\n`);
      return;
    }
    const text = typeof body === 'string';
    const length = text ? Buffer.byteLength(body) : body.length;
    head += `content-length: ${length}\r\n\r\n`;
    output.latin1(head);
    if (length === 0 || bodiless) return;
    if (!text) output.data(body, 0, length);
    else if (length === body.length && length <= smallText) output.latin1(body);
    else {
      const bytes = Buffer.from(body);
      output.data(bytes, 0, bytes.length);
    }
  }

  private statusLine(status: number): string {
    let line = this.lines.get(status);
    if (line === undefined) {
      line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
      this.lines.set(status, line);
    }
    return line;
  }

  private dateLine(): string {
    const now = Date.now();
    if (now - this.second >= 1000 || now < this.second) {
      this.second = now - (now % 1000);
      this.date = `date: ${new Date(now).toUTCString()}\r\n`;
    }
    return this.date;
  }
}

function fields(headers: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in headers) {
    const value = headers[name] as string;
    if (badName.test(name) || name === '' || forbidden.test(value))
      throw new Error(`a header that cannot be written: ${JSON.stringify(name)}`);
    if (!own.has(name)) text += `${name}: ${value}\r\n`;
  }
  return text;
}
