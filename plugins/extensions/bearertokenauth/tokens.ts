import { fitsHeader } from '../credentials/header-value.ts';
import { digestOf, isOneOf } from '../credentials/same-secret.ts';

/** The tokens of the moment. */
export class Tokens {
  private first = '';
  private digests: readonly Buffer[] = [];

  /** Replaces them all. Throws an Error that shows none of them where there is none, or one that no header can carry. */
  replace(tokens: readonly string[]): void {
    const trimmed = tokens.map((token) => token.trim()).filter((token) => token !== '');
    const [first] = trimmed;
    if (first === undefined) throw new Error('there is no token');
    const odd = trimmed.findIndex((token) => !fitsHeader(token));
    if (odd >= 0) throw new Error(`token ${odd + 1} holds characters that no header can carry`);
    this.first = first;
    this.digests = trimmed.map(digestOf);
  }

  /** The one that a client sends. */
  get current(): string {
    return this.first;
  }

  includes(token: string): boolean {
    return isOneOf(token, this.digests);
  }
}
