import type {
  GrpcRequest,
  GrpcServerOptions,
  GrpcStatus,
  HttpClientResponse,
  HttpRequest,
  HttpResponse,
  HttpServerOptions,
  Listener,
  Transport,
} from '../plugin/index.ts';

type HttpCall = Parameters<ReturnType<Transport['httpClient']>['request']>[0];
type GrpcCall = Parameters<ReturnType<Transport['grpcClient']>['call']>[0];

/** What the other side answers to a component's requests. */
export interface FakeAnswers {
  readonly http?: (request: HttpCall) => Promise<HttpClientResponse> | HttpClientResponse;
  readonly grpc?: (call: GrpcCall) => Promise<Uint8Array | GrpcStatus> | Uint8Array | GrpcStatus;
}

/** A transport without sockets: what a component serves can be called, and what it sends gets the given answers. */
export interface FakeTransport extends Transport {
  /** Calls a route that the component serves; 404 where there is none, or its server is closed. */
  http(request: Partial<HttpRequest> & { readonly path: string }): Promise<HttpResponse>;
  /** Calls a method that the component serves; UNIMPLEMENTED where there is none, or its server is closed. */
  grpc(method: string, request: Partial<GrpcRequest>): Promise<Uint8Array | GrpcStatus>;
  /** Servers that are open. */
  readonly listening: number;
}

/** Makes a transport without sockets. It checks neither limits nor credentials: that is the real transport's work. */
export function fakeTransport(answers: FakeAnswers = {}): FakeTransport {
  const httpServers = new Set<HttpServerOptions>();
  const grpcServers = new Set<GrpcServerOptions>();
  return {
    serveHttp: (options) => open(httpServers, options),
    serveGrpc: (options) => open(grpcServers, options),
    httpClient: () => ({ request: async (request) => answer(answers.http)(request), close: async () => {} }),
    grpcClient: () => ({ call: async (call) => answer(answers.grpc)(call), close: async () => {} }),
    async http(given) {
      const request: HttpRequest = {
        method: 'GET',
        query: new URLSearchParams(),
        headers: new Map(),
        peer: 'test:1',
        body: new Uint8Array(),
        ...given,
      };
      const routes = [...httpServers].flatMap((server) => server.routes);
      const route = routes.find(({ method, path }) => method === request.method && path === request.path);
      return route === undefined ? { status: 404 } : await route.handler(request);
    },
    async grpc(method, given) {
      const request: GrpcRequest = { message: new Uint8Array(), metadata: new Map(), peer: 'test:1', ...given };
      const handler = [...grpcServers].flatMap((server) => server.methods[method] ?? [])[0];
      return handler === undefined ? { code: 12, message: `unknown method ${method}` } : await handler(request);
    },
    get listening() {
      return httpServers.size + grpcServers.size;
    },
  };
}

function open<O extends HttpServerOptions | GrpcServerOptions>(servers: Set<O>, options: O): Promise<Listener> {
  servers.add(options);
  const close = (): Promise<void> => {
    servers.delete(options);
    return Promise.resolve();
  };
  return Promise.resolve({ address: options.config.endpoint, close });
}

function answer<F>(given: F | undefined): F {
  if (given === undefined)
    throw new Error('the component sent a request, and the test gives no answers: fakeTransport({ http, grpc })');
  return given;
}
