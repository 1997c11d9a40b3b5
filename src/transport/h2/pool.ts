import type { Socket } from 'node:net';
import { Backoff } from '../../flow/backoff.ts';
import { ClientConnection } from './client-connection.ts';
import type { Limits } from './limits.ts';

export interface PoolOptions {
  readonly limits: Limits;
  /** The addresses of the destination now. May reject. */
  resolve(): Promise<readonly string[]>;
  /** Starts a connection. The socket may still be connecting; it must speak HTTP/2 or fail. */
  connect(address: string): Socket;
  /** `all`: one connection to each address, requests in turn. `first`: the first address that answers. */
  readonly spread: 'all' | 'first';
  /** How often the addresses of a destination in use are looked up again, in milliseconds; 30 seconds where it is left out. */
  readonly refreshInterval?: number;
}

const defaultRefreshInterval = 30_000;

/** A server that takes connections only to end them is left alone for a while, after so many. */
const maxInVain = 5;

/** The connections to one destination. */
export class Pool {
  private readonly options: PoolOptions;
  private readonly onRoom: () => void;
  private readonly onFailure: (error: Error, retryAfterMs: number) => void;
  private readonly current = new Map<string, ClientConnection>();
  /** Everything with a socket, those that only finish their requests included. */
  private readonly alive = new Set<ClientConnection>();
  /** While no address can be reached. */
  private readonly backoff = new Backoff({ initialMs: 100, maxMs: 5000, multiplier: 1.6, randomization: 0.2 });
  private readonly refreshInterval: number;
  /** While some cannot be reached, and others serve. */
  private readonly laterRounds: Backoff;
  private readonly sweeper: NodeJS.Timeout;
  private ready: readonly ClientConnection[] = [];
  private turn = 0;
  private resolving = false;
  /** Addresses that were not tried yet in this round. */
  private untried: string[] = [];
  private failure: { readonly error: Error; readonly until: number } | undefined;
  private refreshAt = 0;
  /** An address of this round could not be reached. */
  private incomplete = false;
  /** Connections in a row that ended soon and without an answer. */
  private inVain = 0;
  private closed = false;

  /** `onRoom`: try `pick` again. `onFailure`: no address can be reached. */
  constructor(
    options: PoolOptions,
    events: { onRoom: () => void; onFailure: (error: Error, retryAfterMs: number) => void },
  ) {
    this.options = options;
    this.onRoom = events.onRoom;
    this.onFailure = events.onFailure;
    this.refreshInterval = options.refreshInterval ?? defaultRefreshInterval;
    const maxMs = this.refreshInterval;
    this.laterRounds = new Backoff({ initialMs: 500, maxMs, multiplier: 1.6, randomization: 0.2 });
    this.sweeper = setInterval(() => this.sweep(), options.limits.sweepInterval);
    this.sweeper.unref();
  }

  /** A connection with room for a request, in turn; undefined where there is none now. */
  pick(): ClientConnection | undefined {
    const { ready } = this;
    for (let tried = 0; tried < ready.length; tried++) {
      this.turn = (this.turn + 1) % ready.length;
      const connection = ready[this.turn];
      if (connection?.hasRoom === true) return connection;
    }
    return undefined;
  }

  /** Makes sure that a connection exists or is on its way; otherwise `onFailure` follows. */
  connect(): void {
    if (this.closed || this.resolving) return;
    const wait = this.failure === undefined ? 0 : this.failure.until - Date.now();
    if (this.current.size > 0) this.refresh(Date.now());
    else if (this.failure !== undefined && wait > 0) this.onFailure(this.failure.error, wait);
    else this.round();
  }

  /** Looks for addresses without a connection, where it is time to. */
  private refresh(now: number): void {
    if (now > this.refreshAt && !this.resolving) this.round();
  }

  private round(): void {
    this.resolving = true;
    this.incomplete = false;
    this.refreshAt = Date.now() + this.refreshInterval;
    this.options.resolve().then(
      (addresses) => this.resolved(addresses),
      (error: unknown) => {
        this.resolving = false;
        this.failed(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  private resolved(addresses: readonly string[]): void {
    this.resolving = false;
    if (this.closed) return;
    if (addresses.length === 0) {
      this.failed(new Error('the name has no addresses'));
      return;
    }
    const gone = [...this.current].filter(([address]) => !addresses.includes(address));
    for (const [address] of gone) this.current.delete(address);
    this.list();
    this.untried = [...new Set(addresses)].filter((address) => !this.current.has(address));
    if (this.options.spread === 'first') {
      if (this.current.size === 0) this.tryNext();
    } else while (this.untried.length > 0) this.tryNext();
    for (const [, connection] of gone) connection.drain();
  }

  private tryNext(): void {
    const address = this.untried.shift();
    if (address === undefined) return;
    try {
      this.open(address);
    } catch (error) {
      this.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private open(address: string): void {
    const socket = this.options.connect(address);
    const connection: ClientConnection = new ClientConnection(socket, {
      limits: this.options.limits,
      onReady: () => {
        this.failure = undefined;
        this.list();
        this.onRoom();
      },
      onRoom: () => this.onRoom(),
      onLeaving: (error) => this.left(address, connection, error),
    });
    this.current.set(address, connection);
    this.alive.add(connection);
    socket.on('close', () => this.alive.delete(connection));
  }

  private left(address: string, connection: ClientConnection, error: Error): void {
    if (this.current.get(address) !== connection) return;
    this.current.delete(address);
    this.list();
    if (this.closed) return;
    this.inVain = connection.wasInVain ? this.inVain + 1 : 0;
    if (connection.ready && !connection.wasInVain) this.trust();
    if (connection.ready && this.inVain <= maxInVain) {
      this.refreshAt = 0;
      this.onRoom();
    } else if (this.options.spread === 'first' && this.untried.length > 0) this.tryNext();
    else this.failed(error);
  }

  /** A connection did well: what fails from now on fails for the first time. */
  private trust(): void {
    this.backoff.reset();
    this.laterRounds.reset();
  }

  private list(): void {
    this.ready = [...this.current.values()].filter((connection) => connection.ready);
  }

  private failed(error: Error): void {
    if (this.closed) return;
    if (this.current.size > 0) {
      if (!this.incomplete) this.refreshAt = Date.now() + this.laterRounds.next();
      this.incomplete = true;
      return;
    }
    const wait = this.backoff.next();
    this.failure = { error, until: Date.now() + wait };
    this.onFailure(error, wait);
  }

  private sweep(): void {
    const now = Date.now();
    for (const connection of this.alive) connection.sweep(now);
    if (this.options.spread === 'all' && this.current.size > 0) this.refresh(now);
  }

  /** Lets open requests end until `deadline`, in milliseconds since the epoch. */
  async close(deadline: number): Promise<void> {
    this.closed = true;
    for (const connection of this.alive) {
      if (connection.ready) connection.drain();
      else connection.destroy(new Error('the client is closing'));
    }
    while (this.alive.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const connection of this.alive) connection.destroy(new Error('the client is closed'));
    clearInterval(this.sweeper);
  }
}
