import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True where this machine can make certificates. */
export const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export interface Signed {
  readonly cert: string;
  readonly key: string;
}

/** A directory with certificate authorities and what they sign; everything is a path of a PEM file in it. */
export class CertificateDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'sluice-tls-'));

  authority(name: string): Signed {
    const { cert, key } = this.files(name);
    const request = ['req', '-x509', ...newKey(key), '-days', '2', '-subj', `/CN=${name}`, '-out', cert];
    execFileSync('openssl', request, { stdio: 'ignore' });
    return { cert, key };
  }

  /** A certificate for `commonName`, valid for that name as a host. */
  sign(authority: Signed, name: string, commonName: string): Signed {
    const { cert, key } = this.files(name);
    const request = join(this.path, `${name}.csr`);
    const extensions = join(this.path, `${name}.ext`);
    const names = /^[\d.]+$/.test(commonName) ? `IP:${commonName}` : `DNS:${commonName}`;
    writeFileSync(extensions, `subjectAltName=${names}\n`);
    execFileSync('openssl', ['req', ...newKey(key), '-subj', `/O=Acme/CN=${commonName}`, '-out', request], {
      stdio: 'ignore',
    });
    const signing = [
      '-CA',
      authority.cert,
      '-CAkey',
      authority.key,
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      extensions,
    ];
    execFileSync('openssl', ['x509', '-req', '-in', request, ...signing, '-out', cert], { stdio: 'ignore' });
    return { cert, key };
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }

  private files(name: string): Signed {
    return { cert: join(this.path, `${name}.pem`), key: join(this.path, `${name}.key`) };
  }
}

function newKey(path: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path];
}
