import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { found } from '../../delivery/tools.ts';
import { eventually, freePorts } from '../program.ts';
import { Bucket, password, user } from './bucket.ts';

export const hasRadosgw = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'curl'].every(found);

/** A real radosgw, the S3 of Ceph, with one bucket. */
export class Radosgw extends Bucket {
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-radosgw-'));

  static async start(): Promise<Radosgw> {
    const [port, monitor] = (await freePorts(2)) as [number, number];
    const server = new Radosgw(port);
    const script = join(import.meta.dirname, 'start-radosgw.sh');
    await promisify(execFile)(script, [server.directory, String(port), String(monitor), user, password]);
    await server.create();
    return server;
  }

  /** The gateway first: without an OSD it would hang. */
  async stop(): Promise<void> {
    this.client.destroy();
    for (const name of ['rgw', 'osd', 'mon']) {
      const pid = Number(readFileSync(join(this.directory, `${name}.pid`), 'utf8'));
      process.kill(pid);
      await eventually(
        () => `the end of ${name}`,
        () => isGone(pid) || undefined,
        60_000,
      );
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Nobody may have asked for how it ended. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
