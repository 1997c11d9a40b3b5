import { describe, expect, it } from 'vitest';
import { hashFault, isCostly, matchesHash } from './password-hash.ts';

/** Made with `openssl passwd` and `openssl dgst -sha1`; the bcrypt ones are vectors of crypt_blowfish. */
const entries: [string, string][] = [
  ['secret', '$apr1$8sFt66rZ$eup.HOtZcQ/VrnApBM3rR/'],
  ['a', '$apr1$8sFt66rZ$ZQyG/P2SewAXpDgC1ke9d0'],
  ['a much longer password than sixteen bytes', '$apr1$8sFt66rZ$W2FL3oYqsNugEfuvgC7LZ0'],
  ['pässwörd', '$apr1$8sFt66rZ$lljGO21ZqiiGwES0ps.k20'],
  ['secret', '$1$ab$dslkcXxVH.x8LwW1W/oAB/'],
  ['secret', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='],
  ['pässwörd', '{SHA}9Rfd8dMqES/xrVXGbRsSyzjn6Pc='],
  ['secret', '{SSHA}1G904nLkTkGWjKNnQuB/hpWXC/hzYWx0c2FsdA=='],
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['plain Text', 'plain Text'],
  ['plain', '{PLAIN}plain'],
];

describe('an entry', () => {
  it.each(entries)('of %j as %s is matched by that password and no other', (password, entry) => {
    expect(hashFault(entry)).toBeUndefined();
    expect(matchesHash(password, entry)).toBe(true);
    for (const wrong of ['', `${password}x`, password.slice(0, -1), `X${password}`])
      expect(matchesHash(wrong, entry), wrong).toBe(false);
  });

  it('of bcrypt is not matched by more than the 72 bytes that bcrypt sees', () => {
    const password = 'p'.repeat(72);
    const entry = '$2y$04$tbYkFJ5sH70dnlrejk2TCOG93I1AL1mH5YemiAH7D5JJWwQaGnZ.O';
    expect(matchesHash(password, entry)).toBe(true);
    expect(matchesHash(`${password}x`, entry)).toBe(false);
  });

  it('is costly where its hash is slow on purpose', () => {
    expect(entries.map(([, entry]) => isCostly(entry))).toEqual(entries.map(([, entry]) => entry.startsWith('$')));
  });

  it.each([
    ['', 'the password is empty'],
    ['{SHA}abc', 'malformed SHA'],
    ['$6$salt$hash', 'found $6$'],
    ['$2y$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'found $2y$'],
    ['$apr1$toolongsalt$qrsVoCG3aXy0ZPmsO4ULW/', 'found $apr1$'],
  ])('%j cannot be checked: %s', (entry, fault) => {
    expect(hashFault(entry)).toContain(fault);
  });
});
