import { ConnectionError, errorCode, maxWindow, smallestMaxFrame } from './codes.ts';

/** Identifiers, RFC 9113 section 6.5.2. */
export const settingId = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** What the peer asks for. */
export interface PeerSettings {
  headerTableSize?: number;
  maxConcurrentStreams?: number;
  initialWindowSize?: number;
  maxFrameSize?: number;
  maxHeaderListSize?: number;
}

const maxEntries = 32;

/** Reads a SETTINGS payload; the last value of an identifier holds, unknown ones are skipped. Throws ConnectionError. */
export function readSettings(payload: Buffer, fromServer: boolean): PeerSettings {
  if (payload.length % 6 !== 0)
    throw new ConnectionError(errorCode.frameSizeError, `SETTINGS has ${payload.length} bytes`);
  if (payload.length > maxEntries * 6)
    throw new ConnectionError(errorCode.enhanceYourCalm, 'SETTINGS has too many entries');
  const result: PeerSettings = {};
  for (let at = 0; at < payload.length; at += 6) {
    readEntry(result, payload.readUInt16BE(at), payload.readUInt32BE(at + 2), fromServer);
  }
  return result;
}

function readEntry(result: PeerSettings, id: number, value: number, fromServer: boolean): void {
  if (id === settingId.headerTableSize) result.headerTableSize = value;
  else if (id === settingId.enablePush && value > (fromServer ? 0 : 1)) {
    throw new ConnectionError(errorCode.protocolError, `SETTINGS_ENABLE_PUSH is ${value}`);
  } else if (id === settingId.maxConcurrentStreams) result.maxConcurrentStreams = value;
  else if (id === settingId.initialWindowSize) {
    if (value > maxWindow)
      throw new ConnectionError(errorCode.flowControlError, `SETTINGS_INITIAL_WINDOW_SIZE is ${value}`);
    result.initialWindowSize = value;
  } else if (id === settingId.maxFrameSize) {
    if (value < smallestMaxFrame || value > 0xff_ffff)
      throw new ConnectionError(errorCode.protocolError, `SETTINGS_MAX_FRAME_SIZE is ${value}`);
    result.maxFrameSize = value;
  } else if (id === settingId.maxHeaderListSize) result.maxHeaderListSize = value;
}
