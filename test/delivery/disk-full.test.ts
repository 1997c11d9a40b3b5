import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { HttpSink } from './http-sink.ts';
import { startService, type InProcess } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
const size = 100_000;

/** A disk of 16 MiB, and a file on it that leaves `free` bytes. */
function smallDisk(free: number): { readonly disk: string; readonly clear: () => void } {
  const disk = folder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(bavail * bsize - free));
  return { disk, clear: () => rmSync(filler) };
}

/** A queue on a disk with room for some ten requests, which it has taken while its destination was away. */
async function fullDisk() {
  const { disk, clear } = smallDisk(1_200_000);
  const oracle = new Oracle();
  const [port] = (await freePorts(1)) as [number];
  const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${port}` } };
  const gateway = { exporters, storage: join(disk, 'storage') };
  const running: InProcess = await startService(gateway);
  const sender = new Sender(oracle, running.http, 1);
  onTestFinished(() => sender.close());
  let refused: Awaited<ReturnType<Sender['send']>> | undefined;
  for (let request = 0; request < 30 && refused?.status !== 503; request++) refused = await sender.send(1, size);
  const openSink = async (): Promise<void> => {
    const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
  };
  const taken = async (): Promise<void> => {
    await eventually(
      () => `an OK; ${running.log.slice(-3).join('')}`,
      async () => ((await sender.send(1, size)).status === 200 ? true : undefined),
    );
    await eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 0 ? true : undefined),
    );
  };
  return { oracle, sender, refused, clear, openSink, taken, running, gateway };
}

describe.skipIf(!mayMount)('a queue on a full disk, where this user may mount one', () => {
  it('fault 8: refuses new data with a time to come back, and takes it again when there is room, without a restart', async () => {
    const { oracle, sender, refused, clear, openSink, running, gateway } = await fullDisk();
    expect([refused?.status, Number(refused?.retryAfter) > 0]).toEqual([503, true]);
    expect(oracle.tally().acked).toBeGreaterThan(4);
    clear();
    await eventually(
      () => 'an OK',
      async () => ((await sender.send(1, size)).status === 200 ? true : undefined),
    );
    await running.service.stop();
    await openSink();
    await startService(gateway);
    await eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 0 ? true : undefined),
    );
    expect(oracle.tally().duplicated).toBe(0);
  });

  it('fault 8: goes on delivering, and so makes room by itself', async () => {
    const { oracle, refused, openSink, taken } = await fullDisk();
    expect(refused?.status).toBe(503);
    await openSink();
    await eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 0 ? true : undefined),
    );
    for (let request = 0; request < 20; request++) await taken();
    expect(oracle.tally()).toMatchObject({ lost: 0, duplicated: 0 });
  });
});
