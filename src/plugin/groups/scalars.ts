import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const durationParts = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/gy;

/** Milliseconds of `1h30m`, `250ms`, `0`; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  let total = 0;
  let end = 0;
  for (const match of text.matchAll(durationParts)) {
    total += Number(match[1]) * (unitMs[match[2] as string] as number);
    end = match.index + match[0].length;
  }
  return end > 0 && end === text.length ? total : undefined;
}

/** A duration: `250ms`, `5s`, `1h30m`. Comes out in milliseconds. */
export function duration() {
  return z
    .union([z.string(), z.literal(0)])
    .transform((value, context) => {
      const ms = parseDuration(String(value));
      if (ms !== undefined) return ms;
      context.addIssue({ code: 'custom', message: 'expected a duration such as 250ms, 5s or 1h30m', input: value });
      return z.NEVER;
    })
    .meta({ format: 'duration', examples: ['250ms', '5s', '1h30m'] });
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Bytes of `512KiB`, `20MB`, `1048576`; undefined where the text is no size. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = match === null ? undefined : unitBytes[(match[2] as string).toLowerCase()];
  return match === null || unit === undefined ? undefined : Math.floor(Number(match[1]) * unit);
}

/** A size: a number of bytes, or `512KiB`, `20MB`. Comes out in bytes. */
export function byteSize() {
  return z
    .union([z.string(), z.number().int().nonnegative()])
    .transform((value, context) => {
      const bytes = parseByteSize(String(value));
      if (bytes !== undefined) return bytes;
      context.addIssue({
        code: 'custom',
        message: 'expected a size such as 512KiB, 20MB or a number of bytes',
        input: value,
      });
      return z.NEVER;
    })
    .meta({ format: 'byte-size', examples: ['512KiB', '20MB', 1048576] });
}

const hidden = '[redacted]';

/** A text that must not be seen. Whatever prints it prints `[redacted]`; only `reveal` gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

/** A secret: it prints as `[redacted]` wherever configuration is shown. */
export function secret() {
  return z
    .string()
    .transform((value) => new Secret(value))
    .meta({ format: 'secret' });
}

/** Header names to values; the values are secrets, since tokens travel there. */
export function secretHeaders() {
  return z.record(z.string(), z.union([secret(), z.number().transform((value) => new Secret(String(value)))]));
}
