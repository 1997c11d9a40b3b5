import { createServer, type Server, type Socket } from 'node:net';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { nodeTls } from '../tls/node.ts';

/** One connection of a server, whatever it speaks. */
export interface ServedConnection {
  /** May be another than the one that was accepted. */
  readonly socket: Socket;
  /** Looks for what took too long. */
  sweep(now: number): void;
  /** Takes nothing new, ends what is under way, then closes. */
  drain(): void;
}

export interface SocketServerOptions {
  /** Plain text where it is left out. */
  readonly tls?: TlsOptions;
  /** What is spoken over TLS. */
  readonly protocol: string;
  readonly maxConnections: number;
  /** Longest TLS handshake, in milliseconds. */
  readonly handshakeTimeout: number;
  /** How often connections are looked over, in milliseconds. */
  readonly sweepInterval: number;
  /** Peers may end their side and still be answered. */
  readonly allowHalfOpen: boolean;
  /** Takes a connection. Nobody has read from a plain one yet. */
  accept(socket: Socket, secure: boolean): ServedConnection;
}

/** Accepts connections, looks them over, and closes them all in the end. */
export class SocketServer {
  readonly server: Server;
  private readonly secure: ReturnType<ReturnType<typeof nodeTls>['createServer']> | undefined;
  private readonly connections = new Set<ServedConnection>();
  /** The sockets below, those in the middle of a TLS handshake included. */
  private readonly sockets = new Set<Socket>();
  private sweeper: NodeJS.Timeout | undefined;

  constructor(options: SocketServerOptions) {
    const { tls, allowHalfOpen, handshakeTimeout } = options;
    if (tls === undefined) {
      this.server = createServer({ pauseOnConnect: true, allowHalfOpen });
      this.server.on('connection', (socket: Socket) => this.track(this.accept(options, socket, false)));
    } else {
      const secured = { ...tls, ALPNProtocols: [options.protocol], handshakeTimeout, allowHalfOpen };
      this.secure = nodeTls().createServer(secured);
      this.server = this.secure;
      this.server.on('connection', (socket: Socket) => this.track(socket));
      this.server.on('secureConnection', (socket: TLSSocket) => void this.accept(options, socket, true));
      this.server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
    }
    this.server.maxConnections = options.maxConnections;
    this.server.once('listening', () => {
      this.sweeper = setInterval(() => this.sweep(), options.sweepInterval);
      this.sweeper.unref();
    });
  }

  get size(): number {
    return this.connections.size;
  }

  /** For certificates that are read again. */
  setSecureContext(options: TlsOptions): void {
    this.secure?.setSecureContext(options);
  }

  /** Accepts nothing new, lets requests end until `deadline` (milliseconds since the epoch), then cuts. */
  async close(deadline: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.server.close(() => resolve());
    for (const connection of this.connections) connection.drain();
    const cut = setTimeout(
      () => {
        for (const socket of this.sockets) socket.destroy();
      },
      Math.max(0, deadline - Date.now()),
    );
    await promise;
    clearTimeout(cut);
    clearInterval(this.sweeper);
  }

  private accept(options: SocketServerOptions, accepted: Socket, secure: boolean): Socket {
    const connection = options.accept(accepted, secure);
    this.connections.add(connection);
    connection.socket.on('close', () => this.connections.delete(connection));
    return connection.socket;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  private sweep(): void {
    const now = Date.now();
    for (const connection of this.connections) connection.sweep(now);
  }
}
