import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { TlsClientConfig, TlsServerConfig } from '../../plugin/index.ts';
import { cipherList, secureVersion } from './ciphers.ts';
import { nodeTls } from './node.ts';

type ServerConfig = NonNullable<TlsServerConfig>;

/** What a TLS server presents and trusts. Throws an Error that names the option at fault. */
export function serverMaterial(config: ServerConfig): SecureContextOptions {
  const identity = identityOf(config);
  if (identity.cert === undefined)
    throw new Error('tls: a server needs cert_file and key_file (or cert_pem and key_pem)');
  const ca = config.client_ca_file === undefined ? {} : { ca: authorities('client_ca_file', config.client_ca_file) };
  return checked({ ...versions(config), ...identity, ...ca });
}

/** What a TLS client presents and trusts: its own `ca_file`, or what the system and the runtime trust. */
export function clientMaterial(config: TlsClientConfig): SecureContextOptions {
  const own = [
    ...(config.ca_file === undefined ? [] : authorities('ca_file', config.ca_file)),
    ...(config.ca_pem === undefined ? [] : certificatesIn('ca_pem', config.ca_pem)),
  ];
  const system = own.length === 0 || config.include_system_ca_certs_pool ? systemAuthorities() : [];
  return checked({ ...versions(config), ...identityOf(config), ca: [...system, ...own] });
}

/** The files behind a configuration: what a reload has to look at. */
export function hasFiles(config: ServerConfig | TlsClientConfig): boolean {
  return [
    config.ca_file,
    config.cert_file,
    config.key_file,
    'client_ca_file' in config ? config.client_ca_file : undefined,
  ].some((file) => file !== undefined);
}

function versions(config: ServerConfig | TlsClientConfig): SecureContextOptions {
  return {
    minVersion: secureVersion(config.min_version),
    ...(config.max_version !== undefined && { maxVersion: secureVersion(config.max_version) }),
    ciphers: cipherList(config.cipher_suites, config.min_version, nodeTls().getCiphers()),
    ...(config.curve_preferences.length > 0 && { ecdhCurve: config.curve_preferences.map(opensslCurve).join(':') }),
  };
}

/** Go's names of the curves, which the dialect takes, as OpenSSL's. */
function opensslCurve(name: string): string {
  return name.replace(/^P(\d)/, 'P-$1');
}

function identityOf(config: ServerConfig | TlsClientConfig): { readonly cert?: string; readonly key?: string } {
  const cert = config.cert_pem ?? read('cert_file', config.cert_file);
  const key = config.key_pem?.reveal() ?? read('key_file', config.key_file);
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined) throw new Error('tls: key_file without cert_file');
  if (key === undefined) throw new Error('tls: cert_file without key_file');
  certificatesIn(config.cert_pem === undefined ? `cert_file ${config.cert_file}` : 'cert_pem', cert);
  return { cert, key };
}

function read(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`tls.${option}: cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function authorities(option: string, path: string): string[] {
  return certificatesIn(`${option} ${path}`, read(option, path) as string);
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** OpenSSL passes over what it cannot read; here a broken file is an error, so that a reload keeps the old one. */
function certificatesIn(where: string, pem: string): string[] {
  const blocks = pem.match(pemBlock) ?? [];
  if (blocks.length === 0) throw new Error(`tls.${where}: no PEM certificate found`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block).toString();
    } catch (error) {
      throw new Error(`tls.${where}: broken certificate: ${(error as Error).message}`, { cause: error });
    }
  });
}

/** Go trusts the system's store; Node of itself only the one it was built with. Both are taken. */
function systemAuthorities(): string[] {
  return [...new Set([...nodeTls().getCACertificates('default'), ...nodeTls().getCACertificates('system')])];
}

function checked(options: SecureContextOptions): SecureContextOptions {
  try {
    // The authorities have been read one by one already, and to load all of a system's takes 20 ms.
    const { ca: _, ...identity } = options;
    nodeTls().createSecureContext(identity);
  } catch (error) {
    throw new Error(`tls: certificate and key do not work: ${(error as Error).message}`, { cause: error });
  }
  return options;
}
