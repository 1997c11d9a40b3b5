import { Attributes, plain, textOf, type AnyValue, type Editable, type PlainValue } from 'sluice/plugin';
import type { Config } from './config.ts';
import { noFindings, writeSummary, type Findings } from './findings.ts';
import { Keys } from './keys.ts';
import { maskAll, maskMatches, maskOf, type Mask } from './mask.ts';

/** Removes and masks what the options say. */
export class Redactor {
  private readonly config: Config;
  private readonly mask: Mask;
  private readonly keys: Keys;
  /** Each once to ask whether it matches, and once to go through its matches. */
  private readonly blocked: readonly { readonly asked: RegExp; readonly gone: RegExp }[];

  constructor(config: Config) {
    this.config = config;
    this.mask = maskOf(config);
    this.keys = new Keys(config);
    this.blocked = config.blocked_values.map(({ source, flags }) => {
      const bare = flags.replace('g', '');
      return { asked: new RegExp(source, bare), gone: new RegExp(source, `${bare}g`) };
    });
  }

  attributes(message: Editable): void {
    const findings = noFindings();
    message.each((key, index) => {
      const verdict = this.keys.verdictOn(key);
      if (verdict === 'ignored') findings.ignored.push(key);
      else if (verdict === 'redacted') {
        findings.redacted.push(key);
        message.removeAt(index);
      } else this.attribute(message, key, index, verdict === 'blocked', findings);
    });
    writeSummary(message, 'redaction', findings, this.config.summary);
  }

  body(log: Editable): void {
    const findings = noFindings();
    const body = log.field('body');
    if (Array.isArray(body) || body instanceof Attributes) {
      this.structure('', body, findings);
      if (findings.masked.length + findings.redacted.length > 0) log.setField('body', body);
    } else {
      const text = textOf(body);
      if (this.isAllowed(text)) return;
      const masked = this.masked(text);
      if (masked === text) return;
      findings.masked.push('body');
      log.setField('body', masked);
    }
    writeSummary(log, 'redaction.body', findings, this.config.summary);
  }

  private attribute(message: Editable, key: string, index: number, isBlocked: boolean, findings: Findings): void {
    const text = message.textAt(index) ?? (this.config.redact_all_types ? textOf(message.valueAt(index)) : '');
    if (this.isAllowed(text)) {
      findings.allowed.push(key);
      return;
    }
    const masked = isBlocked ? maskAll(text, this.mask) : this.masked(text);
    if (masked === text && !isBlocked) return;
    findings.masked.push(key);
    message.setAt(index, masked);
  }

  /** What is in a body: of maps by key, of lists by position. */
  private structure(path: string, value: AnyValue[] | Attributes, findings: Findings): void {
    if (value instanceof Attributes) return this.map(path, value, findings);
    for (const [i, item] of value.entries()) {
      const masked = this.leaf(path === '' ? `[${i}]` : `${path}.[${i}]`, plain(item), findings);
      if (masked !== undefined) value[i] = masked;
    }
  }

  private map(path: string, map: Attributes, findings: Findings): void {
    const removed: number[] = [];
    for (let index = 0; index < map.size; index++) {
      const key = map.keyAt(index);
      const name = path === '' ? key : `${path}.${key}`;
      const verdict = this.keys.verdictOn(key);
      if (verdict === 'ignored') findings.ignored.push(name);
      else if (verdict === 'redacted') {
        findings.redacted.push(name);
        removed.push(index);
      } else {
        const value = plain(map.valueAt(index));
        const masked =
          verdict === 'blocked' ? this.blockedLeaf(name, value, findings) : this.leaf(name, value, findings);
        if (masked !== undefined) map.setAt(index, masked);
      }
    }
    for (const index of removed.toReversed()) map.removeAt(index);
  }

  private blockedLeaf(name: string, value: PlainValue, findings: Findings): string {
    findings.masked.push(name);
    return maskAll(typeof value === 'string' ? value : '', this.mask);
  }

  /** Undefined leaves a value as it is. */
  private leaf(name: string, value: PlainValue, findings: Findings): string | undefined {
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

  private masked(text: string): string {
    let masked = text;
    for (const { asked, gone } of this.blocked) {
      if (asked.test(masked)) masked = maskMatches(masked, gone, this.mask);
    }
    return masked;
  }

  private isAllowed(text: string): boolean {
    return this.config.allowed_values.some((pattern) => pattern.test(text));
  }
}
