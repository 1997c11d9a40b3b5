import type { SecureContext } from 'node:tls';
import type { TlsClientConfig } from '../../plugin/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { clientMaterial, hasFiles } from './material.ts';
import { reloadCertificates } from './reload.ts';
import { nodeTls } from './node.ts';

export interface ClientTls {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
  /** Name to ask for and to verify, in place of the endpoint's. */
  readonly servername?: string;
}

export interface ClientTlsSource {
  current(): ClientTls;
  /** Calls back when certificates changed on disk; `current` is the new then. The returned function ends it. */
  watch(changed: () => void): () => void;
}

/** TLS of a client. Certificates are read at once: throws an Error that names the option at fault. */
export function clientTls(config: TlsClientConfig, surroundings: Surroundings): ClientTlsSource {
  const material = clientMaterial(config);
  let context = nodeTls().createSecureContext(material);
  return {
    current: () => ({
      secureContext: context,
      rejectUnauthorized: !config.insecure_skip_verify,
      ...(config.server_name_override !== undefined && { servername: config.server_name_override }),
    }),
    watch: (changed) =>
      reloadCertificates(surroundings, {
        every: hasFiles(config) ? config.reload_interval : undefined,
        read: () => clientMaterial(config),
        current: material,
        apply(options) {
          context = nodeTls().createSecureContext(options);
          changed();
        },
      }),
  };
}
