import { createHmac, randomBytes } from 'node:crypto';
import type { CostlyChecks } from './costly-checks.ts';
import type { Credentials } from './header.ts';
import { isCostly, matchesHash } from './password-hash.ts';

const mostRemembered = 1024;

/** Who may come in. */
export class Users {
  private readonly checks: CostlyChecks;
  private entries: ReadonlyMap<string, string> = new Map();
  /** What stands in for the entry of a name that nobody has: to look for it takes as long. */
  private decoy: string | undefined;
  /** Costly checks that succeeded, by a keyed hash of all that went into them; the oldest first. */
  private readonly succeeded = new Set<string>();
  private readonly key = randomBytes(32);

  constructor(checks: CostlyChecks) {
    this.checks = checks;
  }

  replace(entries: ReadonlyMap<string, string>): void {
    if (entries.size === 0) throw new Error('there are no users');
    this.entries = entries;
    this.decoy = [...entries.values()].find(isCostly);
    this.succeeded.clear();
  }

  /** Rejects where it cannot be told now. */
  async admits({ username, password }: Credentials): Promise<boolean> {
    const own = this.entries.get(username);
    const entry = own ?? this.decoy;
    if (entry === undefined) return false;
    if (!isCostly(entry)) return matchesHash(password, entry);
    const known = this.keyOf(username, password, entry);
    if (own !== undefined && this.succeeded.has(known)) return true;
    const matches = await this.checks.matches(password, entry);
    if (own === undefined || !matches) return false;
    this.remember(known);
    return true;
  }

  private remember(known: string): void {
    const [oldest] = this.succeeded;
    if (this.succeeded.size >= mostRemembered && oldest !== undefined) this.succeeded.delete(oldest);
    this.succeeded.add(known);
  }

  /** Neither a name nor an entry has a line feed in it. */
  private keyOf(username: string, password: string, entry: string): string {
    return createHmac('sha256', this.key).update(`${username}\n${entry}\n${password}`).digest('base64');
  }
}
