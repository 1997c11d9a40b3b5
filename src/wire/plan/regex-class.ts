/** POSIX classes as the inside of a JavaScript class. */
export const posixClasses = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
} as const;

const parts = /\[:(\w+):\]|\\[\s\S]-\\?[\s\S]|\\x[0-9a-fA-F]{2}|\\[\s\S]|([^\\\]])-([^\\\]])|[\s\S]/g;

/** A class in RE2 syntax, brackets included, in JavaScript's; with letters in both cases where case is ignored. */
export function translateClass(source: string, ignoreCase: boolean): string {
  const negated = source.startsWith('[^');
  const inside = source.slice(negated ? 2 : 1, -1);
  let result = '';
  for (const [part, posix, from, to] of inside.matchAll(parts)) {
    if (posix !== undefined)
      result += bothCases(
        posixClasses[posix as keyof typeof posixClasses],
        ignoreCase && /lower|upper/.test(posix),
        'A-Za-z',
      );
    else if (from !== undefined && to !== undefined) result += range(from, to, ignoreCase);
    else if (part === ']' || part === '[') result += `\\${part}`;
    else result += bothCases(part, ignoreCase && /^[a-z]$/i.test(part), part.toLowerCase() + part.toUpperCase());
  }
  return `[${negated ? '^' : ''}${result}]`;
}

function bothCases(one: string, ignoreCase: boolean, both: string): string {
  return ignoreCase ? both : one;
}

function range(from: string, to: string, ignoreCase: boolean): string {
  const own = `${from === '[' ? '\\[' : from}-${to}`;
  if (!ignoreCase || !/[a-z]/i.test(from + to)) return own;
  const letters: string[] = [];
  for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
    const letter = String.fromCharCode(code);
    if (/[a-z]/i.test(letter)) letters.push(letter.toLowerCase(), letter.toUpperCase());
  }
  return own + letters.join('');
}
