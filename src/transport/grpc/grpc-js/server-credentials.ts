import { ServerCredentials } from '@grpc/grpc-js';
import type { SecureContextOptions } from 'node:tls';
import type { ServerTls } from '../../tls/server.ts';

/** Credentials with every TLS option, and with certificates that can be exchanged while the server runs. */
export class ReloadableCredentials extends ServerCredentials {
  constructor({ options }: ServerTls) {
    super(options, options);
    this.options = options;
  }

  private readonly options: SecureContextOptions;

  exchange(fresh: SecureContextOptions): void {
    this.updateSecureContextOptions({ ...this.options, ...fresh });
  }

  _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
