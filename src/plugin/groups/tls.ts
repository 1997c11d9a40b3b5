import { z } from 'zod';
import { duration, secret } from './scalars.ts';

const version = z.enum(['1.0', '1.1', '1.2', '1.3']);

const certificates = {
  ca_file: z.string().optional().describe('File with the certificate authorities to trust, PEM.'),
  ca_pem: z.string().optional().describe('The certificate authorities to trust, PEM.'),
  cert_file: z.string().optional().describe('File with the own certificate chain, PEM.'),
  cert_pem: z.string().optional().describe('The own certificate chain, PEM.'),
  key_file: z.string().optional().describe('File with the private key of the certificate, PEM.'),
  key_pem: secret().optional().describe('The private key of the certificate, PEM.'),
  min_version: version.default('1.2').describe('Oldest TLS version that is spoken.'),
  max_version: version.optional().describe('Newest TLS version that is spoken.'),
  cipher_suites: z.array(z.string()).default([]).describe('Cipher suites for TLS 1.2; empty means the safe default.'),
  curve_preferences: z
    .array(z.string())
    .default([])
    .describe('Elliptic curves in order of preference; empty means the safe default.'),
  reload_interval: duration()
    .optional()
    .describe('How often certificate files are read again. A broken file keeps the old certificate.'),
  include_system_ca_certs_pool: z.boolean().default(false).describe('Trust the system authorities beside `ca_file`.'),
};

/** `tls` of a server: its presence turns TLS on. */
export const tlsServer = z
  .strictObject({
    ...certificates,
    client_ca_file: z
      .string()
      .optional()
      .describe('Authorities for client certificates; setting it makes them required (mTLS).'),
    client_ca_file_reload: z.boolean().default(false).describe('Read `client_ca_file` again when it changes.'),
  })
  .optional()
  .describe('TLS for the server; leave out for plain text.');

/** `tls` of a client: TLS is on unless `insecure`. */
export const tlsClient = z
  .strictObject({
    ...certificates,
    insecure: z.boolean().default(false).describe('Plain text instead of TLS, for endpoints without a scheme.'),
    insecure_skip_verify: z
      .boolean()
      .default(false)
      .describe("Do not verify the server's certificate. Only for tests."),
    server_name_override: z.string().optional().describe('Name to verify, in place of the one in the endpoint.'),
  })
  .prefault({})
  .describe('TLS towards the destination.');

export type TlsServerConfig = z.output<typeof tlsServer>;
export type TlsClientConfig = z.output<typeof tlsClient>;
