import type { ObjectFormat } from '../format.ts';

/** OTLP/protobuf: requests one behind the other are one request. */
export const otlpProto: ObjectFormat = {
  extension: 'binpb',
  contentType: 'application/x-protobuf',
  compressible: true,
  open: (_signal, write) => ({ add: ({ bytes }) => write(bytes), end: () => {} }),
};
