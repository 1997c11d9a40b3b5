import { timezoneOffset } from 'sluice/plugin';
import type { Config } from './config.ts';
import { usualFormat } from './partition-format.ts';

/** A part of the bucket: the keys of one span of time. */
export interface Partition {
  /** A moment in it, in milliseconds since the epoch. */
  readonly time: number;
  /** What its keys begin with, up to and with the last slash. */
  readonly prefix: string;
}

const minuteMs = 60_000;
const stepMs = { minute: minuteMs, hour: 60 * minuteMs };
/** An hour that a change of the clock repeats has this many minutes: their names come twice. */
const remembered = 180;

/** The partitions that the range of time touches, in order, from the one of `from` on. */
export function* partitionsOf({ starttime, endtime, s3downloader }: Config, from = starttime): Generator<Partition> {
  const { s3_partition: length, s3_prefix, s3_partition_timezone } = s3downloader;
  const format = s3downloader.s3_partition_format ?? usualFormat(length);
  const offset = timezoneOffset(s3_partition_timezone);
  const step = stepMs[length];
  const recent = new Set<string>();
  for (let time = from; time < endtime;) {
    const shown = time + offset(time);
    const prefix = joined([s3_prefix, format.render(() => undefined, shown) ?? '']);
    if (!recent.has(prefix)) yield { time, prefix: prefix === '' ? '' : `${prefix}/` };
    recent.add(prefix);
    if (recent.size > remembered) recent.delete(recent.values().next().value as string);
    // Partitions begin at whole minutes and hours of their zone.
    time += step - (((shown % step) + step) % step);
  }
}

/** Parts of a key, as the exporter puts them together. */
function joined(parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .join('/');
}
