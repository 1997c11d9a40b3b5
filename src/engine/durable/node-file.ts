import * as fs from 'node:fs';
import type { File } from './fs.ts';

/** A file over its descriptor. Callbacks, because promises of FileHandle cost more. */
export class NodeFile implements File {
  private readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    let rest = buffers;
    let at = position;
    for (;;) {
      const written = await this.writev(rest, at);
      at += written;
      rest = after(rest, written);
      if (rest.length === 0) return;
      if (written === 0) throw Object.assign(new Error('EIO: the file takes no more bytes'), { code: 'EIO' });
    }
  }

  put(bytes: Uint8Array, position: number): void {
    if (fs.writeSync(this.fd, bytes, 0, bytes.length, position) < bytes.length)
      throw Object.assign(new Error('EIO: the file takes no more bytes'), { code: 'EIO' });
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < buffer.length) {
      const count = await this.pread(buffer, done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => fs.fdatasync(this.fd, (error) => (error ? reject(error) : resolve())));
  }

  resize(size: number): Promise<void> {
    return new Promise((resolve, reject) =>
      fs.ftruncate(this.fd, size, (error) => (error ? reject(error) : resolve())),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => fs.close(this.fd, (error) => (error ? reject(error) : resolve())));
  }

  private writev(buffers: readonly Uint8Array[], position: number): Promise<number> {
    return new Promise((resolve, reject) =>
      fs.writev(this.fd, buffers, position, (error, written) => (error ? reject(error) : resolve(written))),
    );
  }

  private pread(buffer: Uint8Array, offset: number, position: number): Promise<number> {
    return new Promise((resolve, reject) =>
      fs.read(this.fd, buffer, offset, buffer.length - offset, position, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
  }
}

/** What is left of `buffers` after the first `count` bytes. */
function after(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const buffer of buffers) {
    if (skip >= buffer.length) skip -= buffer.length;
    else {
      rest.push(skip === 0 ? buffer : buffer.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}
