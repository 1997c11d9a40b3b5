import { fileURLToPath } from 'node:url';

/** Why a module did not load, in one line, with the place where it is known; and what to do, where we can tell. */
export interface Reason {
  readonly message: string;
  readonly hint?: string;
}

const hints: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    'Node runs no TypeScript below node_modules: publish the package as JavaScript, or name the file by its path',
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'types are stripped, not compiled: no enum, no namespace, no parameter property ("erasableSyntaxOnly" in tsconfig.json finds them)',
  ERR_UNKNOWN_FILE_EXTENSION: 'a plugin is a file ending in .js, .mjs or .ts, or the name of a package',
  ERR_UNSUPPORTED_DIR_IMPORT: 'name a file of the folder',
};

export function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { message: `there is no file ${path ?? ''}` };
  const message = readableUrls(error.message.split('\n', 1)[0] ?? '');
  const hint = code === undefined ? undefined : hints[code];
  return hint === undefined ? { message } : { message, hint };
}

/** The same of an error from a plugin's own code, which can tell where in it. */
export function withPlace(error: unknown): Reason {
  const reason = reasonOf(error);
  if (!(error instanceof Error)) return reason;
  const place = placeIn(error);
  const known = place !== undefined && !reason.message.includes(place.file) ? `${place.file}${place.position}: ` : '';
  const kind = error.name === 'Error' || 'code' in error ? '' : `${error.name}: `;
  return { ...reason, message: `${known}${kind}${reason.message}` };
}

/** The first position in the stack that is not inside Node. A syntax error has it in the first line, as a path or as a URL. */
function placeIn({ stack = '' }: Error): { readonly file: string; readonly position: string } | undefined {
  const [, path, line] = /^((?:\/|[A-Za-z]:\\)[^\n]*?)((?::\d+){1,2})\n/.exec(stack) ?? [];
  if (path !== undefined && line !== undefined) return { file: path, position: line };
  const [, url, position] = /(file:\/\/[^\s)]+?)((?::\d+){1,2})(?=[\s)]|$)/.exec(stack) ?? [];
  return url === undefined || position === undefined ? undefined : { file: fileURLToPath(url), position };
}

function readableUrls(text: string): string {
  return text.replace(/file:\/\/[^\s'"]+/g, (url) => (URL.canParse(url) ? fileURLToPath(url) : url));
}
