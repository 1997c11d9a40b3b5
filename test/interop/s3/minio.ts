import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';
import { Bucket, password, user } from './bucket.ts';

export const minioPath = builtPeer('minio');

/** A real MinIO with one bucket. */
export class Minio extends Bucket {
  readonly port: number;
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-minio-'));
  private program: Program | undefined;

  private constructor(port: number) {
    super(port);
    this.port = port;
  }

  static async start(): Promise<Minio> {
    const [port] = (await freePorts(1)) as [number];
    const minio = new Minio(port);
    await minio.run();
    await minio.create();
    return minio;
  }

  /** Starts it, or starts it again on what it has. */
  async run(): Promise<void> {
    const env = { MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password, MINIO_UPDATE: 'off', MINIO_BROWSER: 'off' };
    const args = ['server', '--quiet', '--address', `127.0.0.1:${this.port}`, this.directory];
    const program = startProgram(minioPath as string, args, env);
    this.program = program;
    await eventually(
      () => `MinIO starting: ${program.output()}`,
      () =>
        fetch(`${this.endpoint}/minio/health/ready`).then(
          ({ ok }) => ok || undefined,
          () => undefined,
        ),
      30_000,
    );
  }

  async kill(): Promise<void> {
    this.program?.process.kill('SIGKILL');
    await this.program?.stop();
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
