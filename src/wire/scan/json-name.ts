/** The name of a member of a JSON object, made ready for writing it often: `,"name":`. */
export interface JsonName {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function jsonName(name: string): JsonName {
  return { name, bytes: Buffer.from(`,${JSON.stringify(name)}:`) };
}
