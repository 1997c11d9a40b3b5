import type { Config } from './config.ts';
import { summaryKeys } from './findings.ts';

/** What becomes of an attribute, as far as its key says: `ignored` ones stay, `redacted` ones go. */
export type Verdict = 'ignored' | 'redacted' | 'blocked' | 'open';

/** Different keys that are remembered; beyond that each is looked at anew. */
const most = 4096;

/** Says what becomes of an attribute by its key. Telemetry has few different keys, so the verdict on each is remembered. */
export class Keys {
  private readonly config: Config;
  private readonly allowed: ReadonlySet<string>;
  private readonly ignored: ReadonlySet<string>;
  private readonly known = new Map<string, Verdict>();

  constructor(config: Config) {
    this.config = config;
    this.allowed = new Set([...config.allowed_keys, ...summaryKeys]);
    this.ignored = new Set(config.ignored_keys);
  }

  verdictOn(key: string): Verdict {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const verdict = this.look(key);
    if (this.known.size < most) this.known.set(key, verdict);
    return verdict;
  }

  private look(key: string): Verdict {
    const { ignored_key_patterns, allow_all_keys, blocked_key_patterns } = this.config;
    if (this.ignored.has(key) || ignored_key_patterns.some((each) => each.test(key))) return 'ignored';
    if (!allow_all_keys && !this.allowed.has(key)) return 'redacted';
    return blocked_key_patterns.some((each) => each.test(key)) ? 'blocked' : 'open';
  }
}
