import type { SecureVersion } from 'node:tls';

/** Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else. */
const modern13 = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';
const modern12 = 'ECDHE+AESGCM:ECDHE+CHACHA20';

const versions: Readonly<Record<'1.0' | '1.1' | '1.2' | '1.3', SecureVersion>> = {
  '1.0': 'TLSv1',
  '1.1': 'TLSv1.1',
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
};

export type TlsVersion = keyof typeof versions;

export function secureVersion(version: TlsVersion): SecureVersion {
  return versions[version];
}

/**
 * OpenSSL's cipher list for the names that a user gives, as the Collector spells them
 * (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`) or as OpenSSL does. TLS 1.3 suites stay on in any case, as they do in Go.
 */
export function cipherList(names: readonly string[], oldest: TlsVersion, known: readonly string[]): string {
  if (names.length === 0) {
    // TLS before 1.2 has only what modern OpenSSL takes for too weak.
    return oldest === '1.0' || oldest === '1.1' ? 'DEFAULT:@SECLEVEL=0' : `${modern13}:${modern12}`;
  }
  const available = new Set(known);
  const chosen = names.map((name) => {
    const openssl = opensslName(name);
    if (!available.has(openssl.toLowerCase())) throw new Error(`tls.cipher_suites: unknown cipher suite "${name}"`);
    return openssl;
  });
  return `${modern13}:${chosen.join(':')}`;
}

function opensslName(name: string): string {
  const parts = /^TLS_(?<exchange>\w+)_WITH_(?<rest>\w+)$/.exec(name)?.groups;
  if (parts === undefined) return name;
  const rest = (parts['rest'] as string)
    .replace(/^CHACHA20_POLY1305(_SHA256)?$/, 'CHACHA20-POLY1305')
    .replace(/^AES_(\d+)/, 'AES$1')
    .replace('_CBC_', '_');
  const exchange = parts['exchange'] === 'RSA' ? '' : `${parts['exchange']}-`;
  return `${exchange}${rest}`.replaceAll('_', '-');
}
