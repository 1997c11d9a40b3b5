import { watchFile, type Context, type Secret } from 'sluice/plugin';

/** What is wrong with a text as a token for sending data to Dash0, without showing any of it; undefined where nothing is. */
export function tokenFault(text: string): string | undefined {
  if (text.trim() === '') return 'the token is empty';
  if (/^\s|\s$/.test(text)) return 'there is white space before or after the token';
  if (/^["'`]|["'`]$/.test(text)) return 'the token is in quotes; give it without them';
  if (/^authorization\s*:/i.test(text)) return 'this is a whole header; give the token alone, which begins with auth_';
  if (/^bearer\s/i.test(text)) return 'the token begins with "Bearer "; give it without, Sluice adds it';
  if (/^\$[{A-Za-z]/.test(text)) return 'this is a variable that nobody replaced; write ${env:NAME}';
  if (/^eyJ[\w-]*\.|^(?:dash0_)?o?at_/.test(text))
    return 'this looks like an OAuth token, which Dash0 takes for its API only; data needs an auth token, which begins with auth_';
  if (/\s/.test(text)) return 'there is white space within the token';
  if (!text.startsWith('auth_')) return 'an auth token of Dash0 begins with auth_, and this one does not';
  if (text === 'auth_') return 'nothing stands after auth_';
  if (!/^[\w.~+/=-]+$/.test(text)) return 'the token holds characters that no auth token has';
  return undefined;
}

/** The token of the moment. */
export class Token {
  private text = '';
  private stopWatching = (): void => {};

  /** Throws an Error that says what is wrong with it, without showing it. */
  static async open(
    { token, token_file: file }: { readonly token?: Secret | undefined; readonly token_file?: string | undefined },
    context: Context,
  ): Promise<Token> {
    const opened = new Token();
    if (token !== undefined) opened.text = token.reveal();
    if (file === undefined) return opened;
    try {
      opened.stopWatching = await watchFile(file, context, (text) => opened.replace(text.trim()));
    } catch (error) {
      throw new Error(`token_file: ${file}: ${(error as Error).message}`, { cause: error });
    }
    return opened;
  }

  get current(): string {
    return this.text;
  }

  close(): void {
    this.stopWatching();
  }

  private replace(text: string): void {
    const fault = tokenFault(text);
    if (fault !== undefined) throw new Error(fault);
    this.text = text;
  }
}
