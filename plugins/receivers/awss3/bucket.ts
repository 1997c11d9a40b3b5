import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Downloader } from './config.ts';

export interface ObjectInfo {
  readonly key: string;
  /** Changes when the object does. */
  readonly etag: string;
  readonly size: number;
}

export interface ObjectBody {
  readonly contentEncoding: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What is read of S3. Everything rejects with what the client throws; `signal` aborts a request. */
export interface Bucket {
  /** The objects whose keys begin with `prefix` and sort behind `after`, in order of their keys. */
  list(prefix: string, after: string, signal: AbortSignal): AsyncIterable<ObjectInfo>;
  /** The object as it was when it was listed. */
  get(object: ObjectInfo, signal: AbortSignal): Promise<ObjectBody>;
  close(): void;
}

const connectMs = 10_000;
/** A connection on which nothing comes for this long is given up. It also rests while the pipelines take nothing. */
const silentMs = 300_000;

/** Credentials come by the chain of the SDK. */
export async function openBucket(config: Downloader): Promise<Bucket> {
  const { GetObjectCommand, S3Client, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const client = new S3Client(clientOptions(config));
  const Bucket = config.s3_bucket;
  return {
    async *list(prefix, after, signal) {
      const input = { Bucket, Prefix: prefix, ...(after !== '' && { StartAfter: after }) };
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, input, { abortSignal: signal }))
        for (const { Key, ETag = '', Size = 0 } of Contents)
          if (Key !== undefined) yield { key: Key, etag: ETag, size: Size };
    },
    async get({ key, etag }, signal) {
      const input = { Bucket, Key: key, ...(etag !== '' && { IfMatch: etag }) };
      const { Body, ContentEncoding = '' } = await client.send(new GetObjectCommand(input), { abortSignal: signal });
      if (Body === undefined) throw new Error('S3 gave no body');
      return { contentEncoding: ContentEncoding, chunks: Body as unknown as AsyncIterable<Uint8Array> };
    },
    close: () => client.destroy(),
  };
}

function clientOptions({ region, endpoint, s3_force_path_style }: Downloader): S3ClientConfig {
  return {
    region,
    forcePathStyle: s3_force_path_style,
    // Checksums of other servers are not always those of AWS; gzip and zstd have their own.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    ...(endpoint !== undefined && { endpoint: /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}` }),
  };
}
