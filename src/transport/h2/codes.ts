/** Frame types, RFC 9113 section 6. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Frame flags; `ack` and `endStream` share a bit, on different frames. */
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** Error codes of RST_STREAM and GOAWAY, RFC 9113 section 7. */
export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  connectError: 10,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
} as const;

const names = Object.entries(errorCode).map(([name]) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());

/** `REFUSED_STREAM` for 7; the number where the code is unknown. */
export function errorName(code: number): string {
  return names[code] ?? `error ${code}`;
}

/** Largest flow-control window, and largest stream id. */
export const maxWindow = 0x7fff_ffff;

/** Every peer takes frames of this many bytes. */
export const smallestMaxFrame = 16_384;

/** What a client sends before its first frame. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** The peer broke the protocol or a limit: the connection ends with GOAWAY and this code. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
