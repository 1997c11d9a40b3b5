import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';

export const user = 'user1';
export const password = 'passpass1';

/** The credentials of every server here, as the chain of the SDK finds them. */
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

/** One bucket of a real server, and a client that reads it. */
export class Bucket {
  readonly bucket = 'archive';
  readonly endpoint: string;
  readonly client: S3Client;

  constructor(port: number) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.client = new S3Client({
      endpoint: this.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: user, secretAccessKey: password },
    });
  }

  async create(): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: this.bucket }));
  }

  /** The options of an exporter that writes here. */
  options(uploader: object = {}, rest: object = {}): { readonly s3uploader: object } {
    const base = { s3_bucket: this.bucket, endpoint: this.endpoint, s3_force_path_style: true };
    return { s3uploader: { ...base, s3_partition_timezone: 'utc', retry_max_attempts: 1, ...uploader }, ...rest };
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
