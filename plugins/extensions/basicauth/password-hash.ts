import { createHash, timingSafeEqual } from 'node:crypto';
import { compareSync, truncates } from 'bcryptjs';
import { digestOf, isOneOf } from '../credentials/same-secret.ts';
import { md5Crypt } from './md5-crypt.ts';

const bcrypt = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const md5 = /^(?<magic>\$apr1\$|\$1\$)(?<salt>[^$]{1,8})\$(?<hash>[./A-Za-z0-9]{22})$/;
const sha = /^\{(?<kind>SHA|SSHA)\}(?<value>[A-Za-z0-9+/]+={0,2})$/;
const shaLength = 20;

/** What is wrong with a password entry, without showing it; undefined where it can be checked. */
export function hashFault(entry: string): string | undefined {
  if (entry === '') return 'the password is empty';
  if (bcrypt.test(entry) || md5.test(entry)) return undefined;
  if (entry.startsWith('{SHA}') || entry.startsWith('{SSHA}'))
    return shaOf(entry) === undefined ? 'malformed SHA' : undefined;
  const scheme = /^\$[0-9a-z]+\$/.exec(entry)?.[0];
  return scheme === undefined ? undefined : `expected bcrypt, apr1, SHA or a plain password, found ${scheme}`;
}

/** Whether a check takes so long that it must not run among requests. */
export function isCostly(entry: string): boolean {
  return bcrypt.test(entry) || md5.test(entry);
}

/** Whether a password is the one of an entry of an htpasswd file. It takes as long for a wrong one. */
export function matchesHash(password: string, entry: string): boolean {
  // bcrypt does not see what comes after 72 bytes.
  if (bcrypt.test(entry)) return !truncates(password) && compareSync(password, entry);
  const { magic, salt, hash } = md5.exec(entry)?.groups ?? {};
  if (magic !== undefined && salt !== undefined && hash !== undefined)
    return isOneOf(md5Crypt(password, salt, magic), [digestOf(hash)]);
  const shaEntry = shaOf(entry);
  if (shaEntry !== undefined) {
    const digest = createHash('sha1').update(password).update(shaEntry.salt).digest();
    return timingSafeEqual(digest, shaEntry.digest);
  }
  // nginx writes plain passwords so.
  return isOneOf(password, [digestOf(entry), digestOf(entry.replace(/^\{PLAIN\}/, ''))]);
}

function shaOf(entry: string): { readonly digest: Buffer; readonly salt: Buffer } | undefined {
  const { kind, value } = sha.exec(entry)?.groups ?? {};
  if (kind === undefined || value === undefined) return undefined;
  const bytes = Buffer.from(value, 'base64');
  if (kind === 'SHA' ? bytes.length !== shaLength : bytes.length <= shaLength) return undefined;
  return { digest: bytes.subarray(0, shaLength), salt: bytes.subarray(shaLength) };
}
