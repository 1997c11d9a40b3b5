import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { TlsServerConfig } from '../../plugin/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { serverMaterial } from './material.ts';
import { reloadCertificates } from './reload.ts';

type ServerConfig = NonNullable<TlsServerConfig>;

/** A client that connects and then says nothing is cut off after this long. */
const handshakeTimeout = 10_000;
/** How often `client_ca_file_reload` looks, where no `reload_interval` says so. */
const clientCaInterval = 10_000;

export interface ServerTls {
  /** For `tls.createServer` and everything made of it. */
  readonly options: TlsOptions;
  /** Calls back with certificates that changed on disk. The returned function ends it. */
  watch(apply: (options: SecureContextOptions) => void): () => void;
}

/** TLS of a server. Throws an Error that names the option at fault. */
export function serverTls(config: ServerConfig, surroundings: Surroundings): ServerTls {
  const material = serverMaterial(config);
  const mutual = config.client_ca_file !== undefined;
  return {
    options: { ...material, requestCert: mutual, rejectUnauthorized: mutual, handshakeTimeout, honorCipherOrder: true },
    watch: (apply) =>
      reloadCertificates(surroundings, {
        every: config.reload_interval ?? (config.client_ca_file_reload ? clientCaInterval : undefined),
        read: () => serverMaterial(config),
        current: material,
        apply,
      }),
  };
}
