import { validateHeaderName, validateHeaderValue } from 'node:http';
import { PermanentError, type Batch, type RecordScan, type Template } from 'sluice/plugin';
import { eventTime, TemplateValues } from '../template-values.ts';
import type { Config } from './config.ts';

/** Where a record goes. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The scheme and host of a URL, which no attribute has a say in, and all that may hold some. */
const parts = /^(https?:\/\/[^/?#{}\\\s]+)(\/[^#\\\s]*)?$/i;

/** Finds out where each record goes. Throws an Error that names the option at fault. */
export class Targets {
  private readonly scan: RecordScan;
  private readonly values: TemplateValues;
  private readonly endpoint: Template;
  private readonly origin: string;
  private readonly headers: readonly (readonly [string, Template])[];
  private readonly timed: boolean;
  /** The only target there is, where no template has places. */
  private readonly only: Target | undefined;

  constructor({ endpoint, header_templates }: Config, scan: RecordScan) {
    this.scan = scan;
    this.values = new TemplateValues(scan);
    this.endpoint = endpoint;
    const origin = parts.exec(endpoint.source)?.[1];
    if (origin === undefined || !URL.canParse(origin))
      throw new Error(
        `endpoint: expected https://host/path or http://host/path, with attributes in its path only, found "${endpoint.source.replace(/\/\/[^/@]*@/, '//')}"`,
      );
    this.origin = origin;
    this.headers = Object.entries(header_templates).map(([name, template]) => {
      if (!isHeaderName(name)) throw new Error(`header_templates: "${name}" is no name of a header`);
      return [name.toLowerCase(), template];
    });
    const templates = [endpoint, ...this.headers.map(([, template]) => template)];
    this.timed = templates.some(({ timed }) => timed);
    if (templates.every(({ places, timed }) => places.length === 0 && !timed)) this.only = this.rendered(0);
  }

  /** The target of the record at which the scan stands. Throws PermanentError where it can have none. */
  of(batch: Batch): Target {
    return this.only ?? this.rendered(this.timed ? Number(eventTime(this.scan, batch) / 1_000_000n) : 0);
  }

  private rendered(timeMs: number): Target {
    const url = this.endpoint.render((place) => encoded(this.values.of(place)), timeMs);
    if (url === undefined) throw new PermanentError(`no URL: an attribute of "${this.endpoint.source}" is missing`);
    if (!this.isWithin(url)) throw new PermanentError(`no URL: "${url.slice(0, 200)}" leaves its path`);
    const headers = this.headers.map(([name, template]): [string, string] => {
      const value = template.render(this.values.of, timeMs);
      if (value === undefined)
        throw new PermanentError(`no header ${name}: an attribute of "${template.source}" is missing`);
      if (!isHeaderValue(name, value))
        throw new PermanentError(`no header ${name}: its value holds characters that headers cannot`);
      return [name, value];
    });
    return { url, headers: Object.fromEntries(headers) };
  }

  /** The host is still the configured one, and the path is read by everybody as it is written. */
  private isWithin(url: string): boolean {
    const path = url.slice(this.origin.length).split('?', 1)[0] as string;
    const climbs = path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
    return url.startsWith(this.origin) && (path === '' || path.startsWith('/')) && !climbs && URL.canParse(url);
  }
}

/** A value as a part of a path or query: no `/`, `?`, `#` or `%` in it has a meaning. An empty one is none. */
function encoded(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : encodeURIComponent(value);
}

function isHeaderName(name: string): boolean {
  return succeeds(() => validateHeaderName(name));
}

function isHeaderValue(name: string, value: string): boolean {
  return succeeds(() => validateHeaderValue(name, value));
}

function succeeds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
