import type { StorageClass } from '@aws-sdk/client-s3';
import type { UploaderConfig } from '../config.ts';
import { clientOptions } from './client-options.ts';
import type { ObjectHead, ObjectStore } from './object-store.ts';
import { roleCredentials } from './role.ts';

/** S3 by the official client, which is loaded here and nowhere else. */
export async function openS3(config: UploaderConfig): Promise<ObjectStore> {
  const s3 = await import('@aws-sdk/client-s3');
  const options = clientOptions(config);
  const own = new s3.S3Client(options);
  const { region, role_arn } = config;
  const client =
    role_arn === undefined
      ? own
      : new s3.S3Client({ ...options, credentials: await roleCredentials(role_arn, region, own.config.credentials) });
  return {
    async put(head, body, abortSignal) {
      const input = { ...described(head, config), Body: body, ContentLength: body.length };
      await client.send(new s3.PutObjectCommand(input), { abortSignal });
    },
    async begin(head, abortSignal) {
      const command = new s3.CreateMultipartUploadCommand(described(head, config));
      const { UploadId } = await client.send(command, { abortSignal });
      if (UploadId === undefined) throw new Error('the server began an upload without an id');
      return UploadId;
    },
    async part({ bucket: Bucket, key: Key }, UploadId, PartNumber, Body, abortSignal) {
      const input = { Bucket, Key, UploadId, PartNumber, Body, ContentLength: Body.length };
      const { ETag } = await client.send(new s3.UploadPartCommand(input), { abortSignal });
      if (ETag === undefined) throw new Error('the server took a part without telling its tag');
      return ETag;
    },
    // The tag of the whole is not looked at: some servers leave it empty.
    async complete({ bucket: Bucket, key: Key }, UploadId, tags, abortSignal) {
      const Parts = tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
      const input = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
      await client.send(new s3.CompleteMultipartUploadCommand(input), { abortSignal });
    },
    async abort({ bucket: Bucket, key: Key }, UploadId, abortSignal) {
      await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal });
    },
    async *unfinished(Bucket, Prefix, abortSignal) {
      let KeyMarker: string | undefined;
      let UploadIdMarker: string | undefined;
      do {
        const command = new s3.ListMultipartUploadsCommand({ Bucket, Prefix, KeyMarker, UploadIdMarker });
        const page = await client.send(command, { abortSignal });
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Key !== undefined && UploadId !== undefined)
            yield { key: Key, uploadId: UploadId, initiated: Initiated?.getTime() };
        }
        KeyMarker = page.IsTruncated === true ? page.NextKeyMarker : undefined;
        UploadIdMarker = page.NextUploadIdMarker;
      } while (KeyMarker !== undefined);
    },
    close: () => client.destroy(),
  };
}

/** What an object is to be like, as both kinds of upload say it. Storage classes that the client does not know go through. */
function described({ bucket, key, contentType, contentEncoding }: ObjectHead, config: UploaderConfig) {
  return {
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    StorageClass: config.storage_class as StorageClass,
    ...(contentEncoding !== undefined && { ContentEncoding: contentEncoding }),
    ...(config.acl !== undefined && { ACL: config.acl }),
    ...(config.server_side_encryption !== undefined && { ServerSideEncryption: config.server_side_encryption }),
    ...(config.sse_kms_key_id !== undefined && { SSEKMSKeyId: config.sse_kms_key_id }),
  };
}
