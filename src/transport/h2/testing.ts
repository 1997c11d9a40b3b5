import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { errorName, flag, frameType, preface } from './codes.ts';
import { FrameReader } from './frame-reader.ts';
import { Decoder } from './hpack/decoder.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { RequestHead } from './field-rules.ts';
import type { Exchange, Response } from './server-connection.ts';
import { createServer, type Server } from './server.ts';

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The bytes of many frames. */
export function repeated(times: number, make: (index: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: times }, (_, index) => make(index)));
}

export const settingsFrame = frame(frameType.settings, 0, 0);
export const settingsAck = frame(frameType.settings, flag.ack, 0);

/** `:method POST`, `:scheme http`, `:path /`, `:authority a`, without use of the dynamic table. */
export const postBlock = Buffer.from([0x83, 0x86, 0x84, 0x01, 0x01, 0x61]);
/** The same with GET. */
export const getBlock = Buffer.from([0x82, 0x86, 0x84, 0x01, 0x01, 0x61]);

/** A header block of literal fields, never indexed. */
export function literalBlock(fields: readonly string[]): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1');
    const size =
      bytes.length < 127 ? [bytes.length] : [127, ((bytes.length - 127) & 0x7f) | 0x80, (bytes.length - 127) >> 7];
    return Buffer.concat([Buffer.from(size), bytes]);
  };
  const parts: Buffer[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    parts.push(Buffer.from([0x10]), text(fields[at] as string), text(fields[at + 1] as string));
  }
  return Buffer.concat(parts);
}

export function headersFrame(
  streamId: number,
  block: Uint8Array,
  flags: number = flag.endHeaders | flag.endStream,
): Buffer {
  return frame(frameType.headers, flags, streamId, block);
}

/** The other end of a connection, frame by frame, with no manners of its own. */
export class RawPeer {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  private readonly decoder = new Decoder({ tableSize: 4096, maxListSize: 1 << 20 });
  private wake: () => void = () => {};
  ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
    const { frames } = this;
    const pieces: Buffer[] = [];
    const reader = new FrameReader(
      {
        closed: false,
        begin: () => true,
        frame: (type, flags, streamId, payload) =>
          void frames.push({ type, flags, streamId, payload: Buffer.from(payload) }),
        dataBegin: () => void (pieces.length = 0),
        dataPiece: (piece) => void pieces.push(Buffer.from(piece)),
        dataEnd: (flags, streamId) => void frames.push({ type: 0, flags, streamId, payload: Buffer.concat(pieces) }),
      },
      1 << 24,
    );
    socket.on('data', (chunk) => {
      reader.push(chunk);
      this.wake();
    });
  }

  /** A client that has sent the preface and its settings. */
  static async client(address: string): Promise<RawPeer> {
    const [host, port] = address.split(':') as [string, string];
    const peer = new RawPeer(connect(Number(port), host));
    await once(peer.socket, 'connect');
    peer.send(preface, settingsFrame, settingsAck);
    return peer;
  }

  send(...bytes: readonly Uint8Array[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(bytes));
  }

  /** The first frame that fits, once it is there; undefined when the connection ended or nothing came for `ms`. */
  async until(fits: (frame: Frame) => boolean, ms = 3000): Promise<Frame | undefined> {
    const end = Date.now() + ms;
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined || this.ended || Date.now() >= end) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      const timer = setTimeout(resolve, end - Date.now());
      await promise;
      clearTimeout(timer);
    }
  }

  type(type: number, ms?: number): Promise<Frame | undefined> {
    return this.until((found) => found.type === type, ms);
  }

  onStream(streamId: number, type: number, ms?: number): Promise<Frame | undefined> {
    return this.until((found) => found.type === type && found.streamId === streamId, ms);
  }

  /** The error of the GOAWAY that ended the connection, `none` without one. */
  async goaway(ms?: number): Promise<string> {
    const found = await this.type(frameType.goaway, ms);
    return found === undefined ? 'none' : errorName(found.payload.readUInt32BE(4));
  }

  /** The error of the RST_STREAM of a stream, `none` without one. */
  async reset(streamId: number, ms?: number): Promise<string> {
    const found = await this.onStream(streamId, frameType.rstStream, ms);
    return found === undefined ? 'none' : errorName(found.payload.readUInt32BE(0));
  }

  /** Fields of a HEADERS frame; must be asked for in the order in which the frames came. */
  fields(headers: Frame | undefined): readonly string[] {
    return headers === undefined ? [] : this.decoder.decode(headers.payload).fields;
  }

  async closed(ms = 3000): Promise<boolean> {
    await this.until(() => false, ms);
    return this.ended;
  }
}

export const quick: Limits = { ...defaultLimits, sweepInterval: 20 };

export const ok: Response = { headers: [':status', '200'], body: Buffer.from('ok') };

/** Takes bodies up to 1 MiB and answers with `handle`. */
export function exchange(handle: Exchange['handle'] = () => ok): Exchange {
  return { maxBody: 1024 * 1024, tooLarge: () => ({ headers: [':status', '413'] }), handle };
}

/** A server on a free port that answers every request. */
export async function startServer(
  options: { limits?: Partial<Limits>; open?: (head: RequestHead) => Exchange | Response } = {},
): Promise<{ server: Server; address: string }> {
  const server = createServer({
    limits: { ...quick, ...options.limits },
    maxConnections: 100,
    open: options.open ?? (() => exchange()),
  });
  return { server, address: await server.listen({ port: 0, host: '127.0.0.1' }) };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
