import { describe, expect, it } from 'vitest';
import { MalformedError } from './batch.ts';
import { decode } from './codec/decode.ts';
import { receive } from './receive.ts';

const meta = { receivedAt: 1 };

describe('a received request', () => {
  it('is passed on as the very same bytes when there is nothing wrong with it', () => {
    const bytes = Uint8Array.from([0x0a, 6, 0x12, 4, 0x12, 2, 0x10, 9]);
    expect(receive('logs', bytes, meta)).toEqual({ signal: 'logs', bytes, count: 1, meta });
    expect(receive('logs', bytes, meta).bytes).toBe(bytes);
  });

  it('has bad bytes in its texts replaced, and everything else kept', () => {
    const record = [0x10, 9, 0x1a, 3, 0x61, 0xff, 0x62, 0x2a, 4, 0x0a, 2, 0x6f, 0x6b];
    const bytes = Uint8Array.from([0x0a, record.length + 4, 0x12, record.length + 2, 0x12, record.length, ...record]);
    const [log] = decode(receive('logs', bytes, meta)).resources[0]?.scopes[0]?.records ?? [];
    expect(log).toMatchObject({ severityNumber: 9, severityText: 'a\ufffdb', body: 'ok' });
  });

  it('is refused when it is no message', () => {
    expect(() => receive('logs', Uint8Array.from([0x0a, 9]), meta)).toThrow(MalformedError);
  });
});
