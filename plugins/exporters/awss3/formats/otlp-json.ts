import { wireToJson } from 'sluice/plugin';
import type { ObjectFormat } from '../format.ts';

const end = Buffer.from(']}');
const comma = Buffer.from(',');

/** OTLP/JSON: one request an object, however many batches it is made of. */
export const otlpJson: ObjectFormat = {
  extension: 'json',
  contentType: 'application/json',
  compressible: true,
  open(signal, write) {
    const begin = Buffer.from(
      `{"${{ logs: 'resourceLogs', traces: 'resourceSpans', metrics: 'resourceMetrics' }[signal]}":[`,
    );
    let first = true;
    return {
      add(batch) {
        const request = wireToJson(signal, batch.bytes);
        // Nothing but the list stands in a request; without resources it is `{}`.
        if (request.length <= begin.length + end.length) return;
        write(first ? begin : comma);
        write(request.subarray(begin.length, request.length - end.length));
        first = false;
      },
      end() {
        if (first) write(begin);
        write(end);
      },
    };
  },
};
