import type { ObjectFormat } from '../format.ts';
import { codecOf } from './codec.ts';
import type { Sheet } from './leaf.ts';
import type { ParquetOptions } from './options.ts';
import { ParquetFile } from './parquet-file.ts';
import { tableOf } from './tables.ts';

export { parquetOptions, type ParquetOptions } from './options.ts';

/**
 * Parquet: one row a log record, span or data point, with a typed column for each field of the protocol, written row group
 * by row group. hyparquet-writer encodes headers, levels and the footer; pages are filled here, straight from the records,
 * since building whole columns of values first costs twice the time and all of their memory.
 */
export function parquet(options: ParquetOptions): ObjectFormat {
  const codec = codecOf(options.codec, options.level);
  const limits = { bytes: options.row_group_bytes, rows: options.row_group_rows };
  return {
    extension: 'parquet',
    contentType: 'application/vnd.apache.parquet',
    compressible: false,
    open(signal, write) {
      const sheet: Sheet = { codec, size: 0 };
      const table = tableOf(signal, sheet, options.attributes);
      const file = new ParquetFile(sheet, table.columns, limits, write);
      return {
        add: (batch) => table.add(batch, file),
        end: () => file.end(),
      };
    },
  };
}
