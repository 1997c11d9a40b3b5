import {
  rpcCodes,
  type GrpcClient,
  type GrpcClientConfig,
  type GrpcClientOptions,
  type GrpcStatus,
} from '../../../plugin/index.ts';
import { isIdentity } from '../../compression/index.ts';
import { fixedMetadata } from '../../grpc/metadata.ts';
import { parseGrpcTarget } from '../../grpc/target.ts';
import { authorized } from '../../credentials.ts';
import type { Surroundings } from '../../surroundings.ts';
import { clientTls, type ClientTlsSource } from '../../tls/client.ts';
import { RequestError, type Request } from '../client-connection.ts';
import { Client } from '../client.ts';
import { FixedHeaders } from '../hpack/encoder.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { messageEncodings } from './call-head.ts';
import { destinationOf } from './destination.ts';
import { packed, prefixLength, prefixOf } from './message.ts';
import { answerLength, maxAnswer, readAnswer, statusOfFailure } from './received-answer.ts';
import { formatTimeout } from './timeout.ts';

/** A call as the door has it. A deadline, in milliseconds since the epoch, is told to the server. */
export type Call = Parameters<GrpcClient['call']>[0] & { readonly deadline?: number };

const closeGrace = 5000;
const outOfTime: GrpcStatus = { code: rpcCodes.DEADLINE_EXCEEDED, message: 'no answer in time' };

/** A gRPC client. Throws an Error that names the option at fault. */
export function createClient(options: GrpcClientOptions, surroundings: Surroundings): LeanClient {
  return new LeanClient(options, surroundings);
}

class LeanClient implements GrpcClient {
  private readonly options: GrpcClientOptions;
  private readonly fixed: ReadonlyMap<string, string>;
  private readonly secure: boolean;
  private readonly tls: ClientTlsSource | undefined;
  private readonly unwatch: () => void;
  private readonly headers = new Map<string, FixedHeaders>();
  private readonly compression: string;
  private authority = '';
  private client: Client;

  constructor(options: GrpcClientOptions, surroundings: Surroundings) {
    const { config } = options;
    this.options = options;
    this.fixed = fixedMetadata(config.headers);
    this.compression = config.compression === 'zlib' ? 'deflate' : config.compression;
    this.secure = parseGrpcTarget(config.endpoint, config.tls.insecure).secure;
    this.tls = this.secure ? clientTls(config.tls, surroundings) : undefined;
    this.client = this.open();
    this.unwatch = this.tls?.watch(() => this.renew()) ?? ((): void => {});
  }

  async call(call: Call): Promise<Uint8Array | GrpcStatus> {
    const { signal } = call;
    try {
      const request = await this.request(call);
      const answer = await this.client.request(request, signal);
      return await readAnswer(answer);
    } catch (error) {
      if (signal.aborted) return outOfTime;
      if (error instanceof RequestError) return statusOfFailure(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.unwatch();
    await this.client.close(Date.now() + closeGrace);
  }

  private open(): Client {
    const { config } = this.options;
    const destination = destinationOf(parseGrpcTarget(config.endpoint, config.tls.insecure), this.tls?.current());
    this.authority = config.authority ?? destination.authority;
    return new Client({
      limits: clientLimits(config),
      resolve: () => destination.resolve(),
      connect: (address) => destination.connect(address),
      spread: config.balancer_name === 'round_robin' ? 'all' : 'first',
      waitForReady: config.wait_for_ready,
    });
  }

  /** New calls go over new connections; calls under way end on the old. */
  private renew(): void {
    const old = this.client;
    this.client = this.open();
    void old.close(Date.now() + 60_000);
  }

  private async request(call: Call): Promise<Request> {
    const { method, message, deadline } = call;
    const more: string[] = [];
    if (deadline !== undefined) more.push('grpc-timeout', formatTimeout(deadline - Date.now()));
    const { auth } = this.options;
    if (auth !== undefined) more.push(...[...(await authorized(auth, this.fixed, call))].flat());
    const plain = isIdentity(this.compression);
    const framed = plain
      ? { prefix: prefixOf(message.length, false), body: message }
      : await packed(message, this.compression);
    const headers = this.headersOf(method);
    return {
      headers,
      ...framed,
      ...(more.length > 0 && { more }),
      maxBody: maxAnswer + prefixLength,
      sizeHint: answerLength,
    };
  }

  private headersOf(method: string): FixedHeaders {
    let headers = this.headers.get(method);
    if (headers === undefined) {
      headers = this.methodHeaders(method);
      this.headers.set(method, headers);
    }
    return headers;
  }

  private methodHeaders(method: string): FixedHeaders {
    const { config } = this.options;
    const fields = [
      ':method',
      'POST',
      ':scheme',
      this.secure ? 'https' : 'http',
      ':path',
      method,
      ':authority',
      this.authority,
    ];
    fields.push('content-type', 'application/grpc', 'te', 'trailers', 'user-agent', config.user_agent ?? 'sluice');
    if (!isIdentity(this.compression)) fields.push('grpc-encoding', this.compression);
    fields.push('grpc-accept-encoding', messageEncodings);
    // An authenticator may change or take away what is configured, so that it has to be sent with each call.
    if (this.options.auth === undefined) for (const [name, value] of this.fixed) fields.push(name, value);
    return new FixedHeaders(fields);
  }
}

function clientLimits({ keepalive }: GrpcClientConfig): Limits {
  return {
    ...defaultLimits,
    keepaliveTime: keepalive?.time ?? 0,
    keepaliveTimeout: keepalive?.timeout ?? defaultLimits.keepaliveTimeout,
    keepaliveWithoutStreams: keepalive?.permit_without_stream ?? false,
  };
}
