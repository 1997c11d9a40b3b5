/** A data stream's name in its three parts. */
export interface DataStream {
  readonly type: string;
  readonly dataset: string;
  readonly namespace: string;
}

const longestIndex = 255;
const longestPart = 100;

/**
 * A text as the name of an index: lower case, `_` for what names cannot hold, no forbidden beginning, at most 255 bytes.
 * Undefined where nothing is left of it.
 */
export function indexName(text: string): string | undefined {
  const name = cut(replaced(text), longestIndex).replace(/^[-_+]+/, '');
  return name === '' || name === '.' || name === '..' ? undefined : name;
}

/** The same for the type, dataset or namespace of a data stream, which are at most 100 bytes and go by `-`. */
export function streamPart(text: string, hyphens: boolean, ending = ''): string {
  const part = replaced(text);
  return cut(hyphens ? part : part.replaceAll('-', '_'), longestPart - ending.length) + ending;
}

export function streamName({ type, dataset, namespace }: DataStream): string {
  return `${type}-${dataset}-${namespace}`;
}

function replaced(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.toLowerCase().replaceAll(/[\\/*?"<>| ,#:\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '_');
}

/** At most so many bytes of UTF-8, whole characters. */
function cut(text: string, bytes: number): string {
  if (3 * text.length <= bytes || Buffer.byteLength(text) <= bytes) return text;
  const target = new Uint8Array(bytes);
  return text.slice(0, new TextEncoder().encodeInto(text, target).read);
}
