import { RecordScan } from 'sluice/plugin';
import type { ObjectFormat } from '../format.ts';
import { emit, flushBytes } from './output.ts';

const bodyField = 5;

/** The body of each log record as text, one a line. Line ends within a body stay as they are. */
export function body(): ObjectFormat {
  const scan = new RecordScan();
  return {
    extension: 'txt',
    contentType: 'text/plain; charset=utf-8',
    compressible: true,
    open: (_signal, write) => ({
      add(batch) {
        scan.begin(batch);
        while (scan.next()) {
          const { record } = scan;
          if (record.has(bodyField)) scan.rawValue(record.start(bodyField), record.end(bodyField));
          scan.byte(0x0a);
          if (scan.length > flushBytes) emit(scan, write);
        }
        emit(scan, write);
      },
      end: () => {},
    }),
  };
}
