import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';
import { Bucket, password, user } from './bucket.ts';

export const versitygwPath = builtPeer('versitygw');

/** A real Versity gateway, S3 over a folder of files, with one bucket. */
export class Versitygw extends Bucket {
  private readonly directory: string;
  private readonly program: Program;

  private constructor(port: number) {
    super(port);
    this.directory = mkdtempSync(join(tmpdir(), 'sluice-versitygw-'));
    const env = { ROOT_ACCESS_KEY: user, ROOT_SECRET_KEY: password };
    const args = ['--port', `127.0.0.1:${port}`, 'posix', this.directory];
    this.program = startProgram(versitygwPath as string, args, env);
  }

  static async start(): Promise<Versitygw> {
    const server = new Versitygw(...((await freePorts(1)) as [number]));
    await eventually(
      () => `versitygw starting: ${server.program.output()}`,
      () =>
        fetch(server.endpoint).then(
          () => true,
          () => undefined,
        ),
    );
    await server.create();
    return server;
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.program.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
