// Every control character but tab and newline, C1 included, and the marks that turn the direction of text.
// eslint-disable-next-line no-control-regex
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text that moves no cursor, rings no bell and hides nothing on a terminal: control characters come out as `\x1b`. */
export function forTerminal(text: string): string {
  return text.replace(dangerous, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}
