import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { UploaderConfig } from '../config.ts';
import { standardRetries } from './retries.ts';

/** A request that takes longer than this has failed: a server that is slow for minutes is waited for. */
const requestMs = 900_000;
const connectMs = 10_000;

/** The options of the client. Credentials come by the chain of the SDK unless a role is taken on. */
export function clientOptions(config: UploaderConfig): S3ClientConfig {
  const { endpoint, retry_mode: mode } = config;
  return {
    region: config.region,
    forcePathStyle: config.s3_force_path_style,
    tls: !config.disable_ssl,
    // Many servers refuse the checksums that the client adds by itself; its signature covers the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
    ...(endpoint !== undefined && { endpoint: withScheme(endpoint, config.disable_ssl) }),
    ...(mode === 'standard'
      ? { retryStrategy: standardRetries(config) }
      : { retryMode: 'adaptive', maxAttempts: mode === 'nop' ? 1 : Math.max(1, config.retry_max_attempts) }),
  };
}

function withScheme(endpoint: string, plain: boolean): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `${plain ? 'http' : 'https'}://${endpoint}`;
}
