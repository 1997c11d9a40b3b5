import { createHash, timingSafeEqual } from 'node:crypto';

/** What a secret is compared by. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a text is one of the secrets with these digests; it takes as long whether it is, and whichever it is. */
export function isOneOf(text: string, digests: readonly Buffer[]): boolean {
  const given = digestOf(text);
  return digests.reduce((found, digest) => timingSafeEqual(digest, given) || found, false);
}
