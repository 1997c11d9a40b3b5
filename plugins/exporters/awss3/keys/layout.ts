import { PermanentError, timezoneOffset, type Signal, type TemplatePlace } from 'sluice/plugin';
import type { Config } from '../config.ts';
import { isBucketName, joined, safePath, safeValue, tooLong, unknown } from './safe.ts';
import { uuidv7 } from './uuid.ts';

/** What the data says about where it goes. */
export interface Chosen {
  /** What attributes say for the places of the templates; nothing where they are absent. */
  readonly values: ReadonlyMap<TemplatePlace, string>;
  /** By `resource_attrs_to_s3`. */
  readonly bucket: string | undefined;
  readonly prefix: string | undefined;
}

/** Room that is kept for the extension of a key. */
const extensionBytes = 24;

/** How the options put keys together: `base/prefix/partition/<file prefix><signal>_<uuid>`, and an extension. */
export class Layout {
  private readonly config: Config;
  private readonly offset: (timeMs: number) => number;
  /** Everything that attributes fill. */
  readonly places: readonly TemplatePlace[];
  /** Times within one step, in milliseconds, give the same key. */
  readonly timeStep: number;

  constructor(config: Config) {
    const { s3_base_prefix, s3_prefix, s3_partition_format, file_prefix, s3_partition_timezone } = config.s3uploader;
    const templates = [s3_base_prefix, s3_prefix, s3_partition_format, file_prefix];
    this.config = config;
    this.offset = timezoneOffset(s3_partition_timezone);
    this.places = templates.flatMap(({ places }) => places);
    this.timeStep = templates.some(({ source }) => /%[Ss]/.test(source)) ? 1000 : 60_000;
  }

  /** What every key begins with, whatever the data says. */
  get literalPrefix(): string {
    const { s3_base_prefix, s3_prefix } = this.config.s3uploader;
    const byAttribute = this.config.resource_attrs_to_s3.s3_prefix !== '';
    const source = joined([s3_base_prefix.source, byAttribute ? '{}' : s3_prefix.source]);
    return source.split(/[{}%]/, 1)[0] as string;
  }

  /** Throws PermanentError where an attribute names none. */
  bucket({ bucket }: Chosen): string {
    if (bucket === undefined) return this.config.s3uploader.s3_bucket;
    if (isBucketName(bucket)) return bucket;
    const shown = JSON.stringify(bucket.slice(0, 100));
    throw new PermanentError(`a resource attribute names no possible bucket: ${shown}`, { badData: true });
  }

  /** A new key for a time, without its extension. Throws PermanentError where it would be too long. */
  newKey({ values, prefix }: Chosen, signal: Signal, timeMs: number, now: number): string {
    const { s3_base_prefix, s3_prefix, s3_partition_format, file_prefix } = this.config.s3uploader;
    const shown = timeMs + this.offset(timeMs);
    const fill = (place: TemplatePlace): string => safeValue(values.get(place) || (place.fallback ?? unknown));
    const text = (template: typeof s3_prefix): string => template.render(fill, shown) ?? '';
    const key = joined([
      text(s3_base_prefix),
      prefix === undefined ? text(s3_prefix) : safePath(prefix),
      text(s3_partition_format),
      `${text(file_prefix)}${signal}_${uuidv7(now)}`,
    ]);
    const fault = tooLong(key, extensionBytes);
    if (fault !== undefined) throw new PermanentError(fault, { badData: true });
    return key;
  }
}
