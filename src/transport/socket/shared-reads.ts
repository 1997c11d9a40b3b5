import { Socket } from 'node:net';

/**
 * All connections read into this one buffer. Every read of a plain socket otherwise makes a new one of 64 KiB, and the garbage
 * collector then costs as much as the reading. What is kept of the bytes is copied before the next read.
 */
const shared = Buffer.allocUnsafeSlow(256 * 1024);

/** What is used of a socket beyond its documented part. */
interface Accepted {
  _handle: { readonly useUserBuffer?: unknown } | null;
  _server?: unknown;
  server?: unknown;
}

/**
 * Moves an accepted connection, which has not been read from, to a socket that reads into the shared buffer. `received` gets
 * a view of it, good until it returns. Undefined where the platform has no such reads; the connection is as before then.
 */
export function withSharedReads(accepted: Socket, received: (bytes: Buffer) => void): Socket | undefined {
  const from = accepted as unknown as Accepted;
  const handle = from._handle;
  if (typeof handle?.useUserBuffer !== 'function') return undefined;
  const onread = {
    buffer: shared,
    callback(length: number): boolean {
      received(shared.subarray(0, length));
      return true;
    },
  };
  from._handle = null;
  const { allowHalfOpen } = accepted;
  const socket = new Socket({ handle, onread, allowHalfOpen } as unknown as ConstructorParameters<typeof Socket>[0]);
  // The server counts its connections by this, and its close waits for them.
  const to = socket as unknown as Accepted;
  to._server = from._server;
  to.server = from.server;
  from._server = null;
  return socket;
}
