import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { uuidv7 } from '../keys/uuid.ts';

type Credentials = Extract<NonNullable<S3ClientConfig['credentials']>, (...args: never[]) => unknown>;

/** Credentials of a role, taken on by STS with those of `own`. The client asks anew before they end. */
export async function roleCredentials(roleArn: string, region: string, own: Credentials): Promise<Credentials> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/nested-clients/sts');
  const client = new STSClient({ region, credentials: own });
  return async () => {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: `sluice-${uuidv7(Date.now())}` }),
    );
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined)
      throw new Error(`STS gave no credentials for the role ${roleArn}`);
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
      ...(given.Expiration !== undefined && { expiration: given.Expiration }),
    };
  };
}
