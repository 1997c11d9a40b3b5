import { Attributes, textOf, type AnyValue, type LogRecord } from 'sluice/plugin';
import type { Config } from './config.ts';
import { noFindings, plain, summaryKeys, writeSummary, type Findings } from './findings.ts';
import { maskAll, maskMatches, maskOf, type Mask } from './mask.ts';

/** Removes and masks what the options say. Says of each thing whether it was changed. */
export class Redactor {
  private readonly config: Config;
  private readonly mask: Mask;
  private readonly allowed: ReadonlySet<string>;
  private readonly ignored: ReadonlySet<string>;
  private readonly blocked: readonly RegExp[];

  constructor(config: Config) {
    this.config = config;
    this.mask = maskOf(config);
    this.allowed = new Set([...config.allowed_keys, ...summaryKeys]);
    this.ignored = new Set(config.ignored_keys);
    this.blocked = config.blocked_values.map(({ source, flags }) => new RegExp(source, `${flags.replace('g', '')}g`));
  }

  attributes(attributes: Attributes): boolean {
    const findings = noFindings();
    this.entries(attributes, findings, '', (key, value) => this.attribute(key, value, findings));
    writeSummary(attributes, 'redaction', findings, this.config.summary);
    return this.isChange(findings);
  }

  body(log: LogRecord): boolean {
    const findings = noFindings();
    const body = plain(log.body);
    if (Array.isArray(body) || body instanceof Attributes) {
      this.structure('', body, findings);
    } else {
      const text = textOf(body);
      if (this.isAllowed(text)) return false;
      const masked = this.masked(text);
      if (masked === text) return false;
      findings.masked.push('body');
      log.body = masked;
    }
    writeSummary(log.attributes, 'redaction.body', findings, this.config.summary);
    return this.isChange(findings);
  }

  /** Undefined leaves a value as it is. */
  private attribute(key: string, value: AnyValue | undefined, findings: Findings): string | undefined {
    const text = typeof value === 'string' ? value : this.config.redact_all_types ? textOf(value) : '';
    if (this.isAllowed(text)) {
      findings.allowed.push(key);
      return undefined;
    }
    const masked = this.isBlockedKey(key) ? maskAll(text, this.mask) : this.masked(text);
    if (masked === text && !this.isBlockedKey(key)) return undefined;
    findings.masked.push(key);
    return masked;
  }

  /** What is in a body: of maps by key, of lists by position. */
  private structure(path: string, value: AnyValue[] | Attributes, findings: Findings): void {
    if (value instanceof Attributes) {
      this.entries(value, findings, path === '' ? '' : `${path}.`, (key, inner) => {
        const name = path === '' ? key : `${path}.${key}`;
        if (!this.isBlockedKey(key)) return this.leaf(name, inner, findings);
        findings.masked.push(name);
        return maskAll(typeof inner === 'string' ? inner : '', this.mask);
      });
      return;
    }
    for (const [i, item] of value.entries()) {
      const masked = this.leaf(path === '' ? `[${i}]` : `${path}.[${i}]`, plain(item), findings);
      if (masked !== undefined) value[i] = masked;
    }
  }

  private leaf(name: string, value: AnyValue | undefined, findings: Findings): string | undefined {
    if (Array.isArray(value) || value instanceof Attributes) {
      this.structure(name, value, findings);
      return undefined;
    }
    const text = textOf(value);
    if (this.isAllowed(text)) {
      findings.allowed.push(name);
      return undefined;
    }
    const masked = this.masked(text);
    if (masked === text) return undefined;
    findings.masked.push(name);
    return masked;
  }

  /** Goes through the pairs of a map: ignored ones stay, those of no allowed key go, of the others `change` says the new value. */
  private entries(
    map: Attributes,
    findings: Findings,
    prefix: string,
    change: (key: string, value: AnyValue | undefined) => string | undefined,
  ): void {
    const removed = new Set<string>();
    const pairs = [...map];
    const changed: (string | undefined)[] = [];
    for (const [i, [key, value]] of pairs.entries()) {
      if (this.ignored.has(key) || this.config.ignored_key_patterns.some((each) => each.test(key))) {
        findings.ignored.push(prefix + key);
      } else if (!this.config.allow_all_keys && !this.allowed.has(key)) {
        findings.redacted.push(prefix + key);
        removed.add(key);
      } else changed[i] = change(key, plain(value));
    }
    if (removed.size === 0 && changed.every((value) => value === undefined)) return;
    const rest = pairs.flatMap(([key, value], i) =>
      removed.has(key) ? [] : [{ key, value: changed[i] ?? value, unknown: map.unknownAt(i) }],
    );
    map.clear();
    for (const { key, value, unknown } of rest) map.append(key, value, unknown);
  }

  private masked(text: string): string {
    return this.blocked.reduce((each, pattern) => maskMatches(each, pattern, this.mask), text);
  }

  private isAllowed(text: string): boolean {
    return this.config.allowed_values.some((pattern) => pattern.test(text));
  }

  private isBlockedKey(key: string): boolean {
    return this.config.blocked_key_patterns.some((pattern) => pattern.test(key));
  }

  private isChange({ redacted, masked, allowed, ignored }: Findings): boolean {
    const { summary } = this.config;
    const isWritten = (summary === 'info' || summary === 'debug') && allowed.length + ignored.length > 0;
    return isWritten || redacted.length + masked.length > 0;
  }
}
