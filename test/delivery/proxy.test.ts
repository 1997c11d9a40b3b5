import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts, startProgram } from '../interop/program.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';
import { found } from './tools.ts';

/** A proxy that does all that a network does to a request, by chance. */
const haproxy = (front: number, back: number): string => `
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend bad
  bind 127.0.0.1:${front}
  http-request return status 503 content-type text/plain string "overloaded" hdr Retry-After 1 if { rand(100) lt 15 }
  http-request return status 429 if { rand(100) lt 15 }
  http-request silent-drop if { rand(100) lt 5 }
  http-request reject if { rand(100) lt 15 }
  default_backend good
backend good
  server one 127.0.0.1:${back}
`;

describe.skipIf(!found('haproxy'))('a destination behind HAProxy that resets, overloads and swallows', () => {
  it('faults 16, 19 and 27: gets everything that was acked', { timeout: 60_000 }, async () => {
    const oracle = new Oracle();
    const sink = await HttpSink.open({ taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
    const [front] = (await freePorts(1)) as [number];
    const file = join(folder(), 'haproxy.cfg');
    writeFileSync(file, haproxy(front, sink.port));
    const proxy = startProgram('haproxy', ['-db', '-f', file]);
    onTestFinished(() => void proxy.stop());
    const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${front}`, timeout: '1s' } };
    const { http } = await startService({ exporters, storage: folder() });
    const sender = new Sender(oracle, http, 4);
    onTestFinished(() => sender.close());
    for (let request = 0; request < 100; request++) expect((await sender.send(5)).status).toBe(200);
    await eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 0 ? true : undefined),
      40_000,
    );
    expect(oracle.tally()).toMatchObject({ acked: 500, delivered: 500, lost: 0 });
  });
});
