import { timePart, type TimePart } from './time-parts.ts';

/** A place in a template that an attribute fills. */
export interface TemplatePlace {
  /** Where to look: `any` is the record, then its scope, then its resource. */
  readonly of: 'any' | 'resource' | 'record';
  readonly key: string;
  /** What stands there where the attribute is absent. */
  readonly fallback?: string;
}

/** A text with places for attributes (`{service.name}`) and parts of a time (`%Y`). */
export interface Template {
  readonly source: string;
  /** Whether it asks for a time. */
  readonly timed: boolean;
  readonly places: readonly TemplatePlace[];
  /** The text. `value` gives what stands in a place; undefined comes out where it has nothing and the place has no fallback. */
  render(value: (place: TemplatePlace) => string | undefined, timeMs: number): string | undefined;
}

export interface TemplateOptions {
  /** Of `%Y` and the like; `utc` where it is left out. */
  readonly timezone?: 'utc' | 'local';
}

type Part = string | TemplatePlace | TimePart;

/**
 * Reads a template: `{key}` is an attribute, `{resource:key}` and `{record:key}` say of what, `{key|fallback}` what stands in for it;
 * `%Y %m %d %H %M %S %j %s` are parts of a time. `{{`, `}}` and `%%` stand for one such character.
 * Throws an Error that says what is wrong, and where.
 */
export function parseTemplate(source: string, { timezone = 'utc' }: TemplateOptions = {}): Template {
  const parts: Part[] = [];
  for (let at = 0; at < source.length;) {
    const character = source[at] as string;
    if (source.startsWith('{{', at) || source.startsWith('}}', at) || source.startsWith('%%', at)) {
      parts.push(character);
      at += 2;
    } else if (character === '%') {
      parts.push(timePartAt(source, at, timezone));
      at += 2;
    } else if (character === '{') {
      const end = source.indexOf('}', at);
      if (end < 0) throw fault(source, at, 'expected } for this {');
      parts.push(placeOf(source, at, source.slice(at + 1, end)));
      at = end + 1;
    } else if (character === '}') throw fault(source, at, 'expected { before this }; }} stands for the character');
    else {
      const end = /[{}%]/.exec(source.slice(at))?.index ?? source.length - at;
      parts.push(source.slice(at, at + end));
      at += end;
    }
  }
  return {
    source,
    timed: parts.some((part) => typeof part === 'function'),
    places: parts.filter((part): part is TemplatePlace => typeof part === 'object'),
    render: (value, timeMs) => render(parts, value, timeMs),
  };
}

function render(
  parts: readonly Part[],
  value: (place: TemplatePlace) => string | undefined,
  timeMs: number,
): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if (typeof part === 'function') text += part(timeMs);
    else {
      const found = value(part) ?? part.fallback;
      if (found === undefined) return undefined;
      text += found;
    }
  }
  return text;
}

function placeOf(source: string, at: number, content: string): TemplatePlace {
  const [, of = 'any', key = '', fallback] = /^(?:(resource|record):)?([^|]*)(?:\|(.*))?$/s.exec(content) ?? [];
  if (key.trim() === '') throw fault(source, at, 'expected the name of an attribute between { and }');
  return { of: of as TemplatePlace['of'], key: key.trim(), ...(fallback !== undefined && { fallback }) };
}

function timePartAt(source: string, at: number, timezone: 'utc' | 'local'): TimePart {
  const part = timePart(source.slice(at + 1, at + 2), timezone);
  if (part === undefined)
    throw fault(source, at, 'expected %Y, %y, %m, %d, %H, %M, %S, %j, %s or %F; %% stands for the character');
  return part;
}

function fault(source: string, at: number, message: string): Error {
  return new Error(`at character ${at + 1} of "${source}": ${message}`);
}
