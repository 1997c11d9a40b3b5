import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';

const credentials = { user: 'user1', password: 'passpass1' };

export const minio = builtPeer('minio');

/** What the SDK's chain finds in the environment. */
export const environment = { AWS_ACCESS_KEY_ID: credentials.user, AWS_SECRET_ACCESS_KEY: credentials.password };

/** A MinIO of its own with one bucket, in a folder that goes with it. */
export class MinIO {
  readonly endpoint: string;
  readonly client: S3Client;
  private readonly folder: string;
  private readonly port: number;
  private program: Program;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    this.endpoint = `http://127.0.0.1:${port}`;
    this.client = new S3Client({
      region: 'us-east-1',
      endpoint: this.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: credentials.user, secretAccessKey: credentials.password },
    });
    this.program = this.launch();
  }

  static async start(bucket: string): Promise<MinIO> {
    const [port] = await freePorts(1);
    const server = new MinIO(mkdtempSync(join(tmpdir(), 'sluice-minio-')), port as number);
    await server.ready();
    await server.client.send(new CreateBucketCommand({ Bucket: bucket }));
    return server;
  }

  /** Away, at once. */
  async kill(): Promise<void> {
    this.program.process.kill('SIGKILL');
    await this.program.stop();
  }

  /** Back, with everything it had. */
  async restart(): Promise<void> {
    this.program = this.launch();
    await this.ready();
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.program.stop();
    rmSync(this.folder, { recursive: true });
  }

  private launch(): Program {
    return startProgram(minio as string, ['server', '--address', `127.0.0.1:${this.port}`, this.folder], {
      MINIO_ROOT_USER: credentials.user,
      MINIO_ROOT_PASSWORD: credentials.password,
      MINIO_BROWSER: 'off',
    });
  }

  private async ready(): Promise<void> {
    await eventually(
      () => `MinIO answering: ${this.program.output()}`,
      async () =>
        (await fetch(`${this.endpoint}/minio/health/live`).catch(() => undefined))?.status === 200 ? true : undefined,
      30_000,
    );
  }
}
