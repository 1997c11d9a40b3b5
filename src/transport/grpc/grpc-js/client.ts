import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { rpcCodes, type GrpcClient, type GrpcClientOptions, type GrpcStatus } from '../../../plugin/index.ts';
import { authorized } from '../../credentials.ts';
import type { Surroundings } from '../../surroundings.ts';
import { clientTls, type ClientTlsSource } from '../../tls/client.ts';
import { fixedMetadata } from '../metadata.ts';
import { detailsKey, receivedStatus } from '../status-details.ts';
import { parseGrpcTarget } from '../target.ts';
import { clientOptions } from './client-options.ts';

type Call = Parameters<GrpcClient['call']>[0];

export function createClient(options: GrpcClientOptions, surroundings: Surroundings): GrpcClient {
  return new ChannelClient(options, surroundings);
}

const pass = (bytes: Buffer): Buffer => bytes;

class ChannelClient implements GrpcClient {
  private readonly options: GrpcClientOptions;
  private readonly fixed: ReadonlyMap<string, string>;
  private readonly tls: ClientTlsSource | undefined;
  private readonly unwatch: () => void;
  private channel: Channel;

  constructor(options: GrpcClientOptions, surroundings: Surroundings) {
    const { config } = options;
    this.options = options;
    this.fixed = fixedMetadata(config.headers);
    this.tls = parseGrpcTarget(config.endpoint, config.tls.insecure).secure
      ? clientTls(config.tls, surroundings)
      : undefined;
    this.channel = new Channel(options, this.tls);
    this.unwatch = this.tls?.watch(() => this.renew()) ?? (() => {});
  }

  async call(request: Call): Promise<Uint8Array | GrpcStatus> {
    const metadata = await this.metadata(request);
    if (request.signal.aborted) return outOfTime;
    return this.channel.call(request, metadata);
  }

  async close(): Promise<void> {
    this.unwatch();
    this.channel.retire();
  }

  /** New calls go over new connections; calls under way end on the old. */
  private renew(): void {
    this.channel.retire();
    this.channel = new Channel(this.options, this.tls);
  }

  private async metadata(request: Call): Promise<Metadata> {
    const { auth, config } = this.options;
    const metadata = new Metadata({ waitForReady: config.wait_for_ready });
    for (const [key, value] of await authorized(auth, this.fixed, request)) metadata.set(key, value);
    return metadata;
  }
}

const outOfTime: GrpcStatus = { code: rpcCodes.DEADLINE_EXCEEDED, message: 'no answer in time' };

/** The connections with one set of certificates. */
class Channel {
  private readonly client: Client;
  private calls = 0;
  private retired = false;

  constructor({ config }: GrpcClientOptions, tls: ClientTlsSource | undefined) {
    const target = parseGrpcTarget(config.endpoint, config.tls.insecure);
    const current = tls?.current();
    const security =
      current === undefined
        ? credentials.createInsecure()
        : credentials.createFromSecureContext(current.secureContext, {
            rejectUnauthorized: current.rejectUnauthorized,
          });
    this.client = new Client(target.name, security, clientOptions(config));
  }

  call({ method, message, signal }: Call, metadata: Metadata): Promise<Uint8Array | GrpcStatus> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | GrpcStatus>();
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
    this.calls += 1;
    const call = this.client.makeUnaryRequest(method, pass, pass, bytes, metadata, {}, (error, answer) => {
      signal.removeEventListener('abort', cancel);
      this.ended();
      resolve(error === null ? (answer ?? new Uint8Array(0)) : signal.aborted ? outOfTime : statusOf(error));
    });
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    return promise;
  }

  /** Closes once nothing is under way. */
  retire(): void {
    this.retired = true;
    if (this.calls === 0) this.client.close();
  }

  private ended(): void {
    this.calls -= 1;
    if (this.retired && this.calls === 0) this.client.close();
  }
}

function statusOf(error: ServiceError): GrpcStatus {
  const [details] = error.metadata.get(detailsKey);
  return receivedStatus(error.code, error.details, details instanceof Buffer ? details : undefined);
}
