import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { decodeRpcStatus, encodeRpcStatus, rpcStatusToJson, type RpcStatus } from './rpc-status.ts';

const statuses: fc.Arbitrary<RpcStatus> = fc.record(
  { code: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), message: fc.string(), retryAfterMs: fc.nat(10 ** 9) },
  { requiredKeys: ['code', 'message'] },
);

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
`);
const Status = root.lookupType('Status');
const RetryInfo = root.lookupType('RetryInfo');

function toForeign({ code, message, retryAfterMs }: RpcStatus): Uint8Array {
  const retryDelay = { seconds: Math.floor((retryAfterMs ?? 0) / 1000), nanos: ((retryAfterMs ?? 0) % 1000) * 1e6 };
  const info = {
    typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
    value: RetryInfo.encode({ retryDelay }).finish(),
  };
  return Status.encode({ code, message, details: retryAfterMs === undefined ? [] : [info] }).finish();
}

it('reads back what it writes', () => {
  fc.assert(
    fc.property(statuses, (status) => {
      expect(decodeRpcStatus(encodeRpcStatus(status))).toEqual(status);
    }),
  );
});

it('reads what protobufjs writes, and protobufjs reads what it writes', () => {
  fc.assert(
    fc.property(statuses, (status) => {
      expect(decodeRpcStatus(toForeign(status))).toEqual(status);
      const { code, message, details } = Status.toObject(Status.decode(encodeRpcStatus(status)), { defaults: true });
      expect([code, message]).toEqual([status.code, status.message]);
      const [info] = details as { value: Uint8Array }[];
      expect(info === undefined).toBe(status.retryAfterMs === undefined);
      if (info === undefined) return;
      const { retryDelay } = RetryInfo.toObject(RetryInfo.decode(info.value), { defaults: true, longs: Number });
      expect(retryDelay.seconds * 1000 + retryDelay.nanos / 1e6).toBe(status.retryAfterMs);
    }),
  );
});

it('takes any bytes without throwing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeRpcStatus(bytes)),
    { numRuns: 2000 },
  );
});

it('passes over details of other kinds', () => {
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from('anything') }];
  const bytes = Status.encode({ code: 14, message: 'm', details }).finish();
  expect(decodeRpcStatus(bytes)).toEqual({ code: 14, message: 'm' });
});

it('has a form in JSON', () => {
  expect(JSON.parse(rpcStatusToJson({ code: 14, message: 'm', retryAfterMs: 1500 }))).toEqual({
    code: 14,
    message: 'm',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }],
  });
});
