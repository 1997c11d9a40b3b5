import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';

export const minioPath = builtPeer('minio');

const user = 'user1';
const password = 'passpass1';

/** The credentials of the server, as the chain of the SDK finds them. */
export const credentials = {
  AWS_ACCESS_KEY_ID: user,
  AWS_SECRET_ACCESS_KEY: password,
  AWS_EC2_METADATA_DISABLED: 'true',
};

export interface Stored extends GetObjectCommandOutput {
  readonly key: string;
  /** As it was before compression. */
  readonly content: Buffer;
}

/** A real MinIO with one bucket, and a client that reads it. */
export class Minio {
  readonly bucket = 'archive';
  readonly port: number;
  readonly client: S3Client;
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-minio-'));
  private program: Program | undefined;

  private constructor(port: number) {
    this.port = port;
    this.client = new S3Client({
      endpoint: this.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: user, secretAccessKey: password },
    });
  }

  static async start(): Promise<Minio> {
    const [port] = (await freePorts(1)) as [number];
    const minio = new Minio(port);
    await minio.run();
    await minio.client.send(new CreateBucketCommand({ Bucket: minio.bucket }));
    return minio;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The options of an exporter that writes here. */
  options(uploader: object = {}, rest: object = {}): { readonly s3uploader: object } {
    const base = { s3_bucket: this.bucket, endpoint: this.endpoint, s3_force_path_style: true };
    return { s3uploader: { ...base, s3_partition_timezone: 'utc', retry_max_attempts: 1, ...uploader }, ...rest };
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

  async keys(prefix = ''): Promise<string[]> {
    const keys: string[] = [];
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => Key as string));
    return keys;
  }

  async get(key: string): Promise<Stored> {
    const answer = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const raw = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    const { ContentEncoding } = answer;
    const content =
      ContentEncoding === 'gzip' ? gunzipSync(raw) : ContentEncoding === 'zstd' ? zstdDecompressSync(raw) : raw;
    return { ...answer, key, content };
  }

  async objects(prefix = ''): Promise<Stored[]> {
    return await Promise.all((await this.keys(prefix)).map((key) => this.get(key)));
  }

  /** Uploads in parts that nobody finished. MinIO itself finds nothing by the beginning of a key. */
  async unfinished(prefix = ''): Promise<string[]> {
    const answer = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.bucket }));
    return (answer.Uploads ?? []).map(({ Key }) => Key as string).filter((key) => key.startsWith(prefix));
  }
}
