import { describe, expect, it } from 'vitest';
import { configs, transport } from '../testing.ts';

describe('options of a gRPC client', () => {
  it('names a compression that grpc_js has not, when the client is made', () => {
    expect(() =>
      transport.grpcClient({
        config: configs.grpcClient('localhost:4317', { compression: 'zstd', transport: 'grpc_js' }),
      }),
    ).toThrow('compression: transport grpc_js has no zstd for gRPC; it has none, gzip, deflate, zlib');
  });

  it('names metadata that gRPC cannot carry, without its value', () => {
    expect(() =>
      transport.grpcClient({ config: configs.grpcClient('localhost:4317', { headers: { a: 'secret\n' } }) }),
    ).toThrow(/^headers: the value of "a"(?!.*secret)/);
  });

  it.each(['http://host:4317/path', 'ftp://host:1', 'host :1'])('refuses the endpoint %s', (endpoint) => {
    expect(() => transport.grpcClient({ config: configs.grpcClient(endpoint) })).toThrow(`found "${endpoint}"`);
  });
});
