import { readFile } from 'node:fs/promises';
import { RetryableError, type HttpClient, type HttpClientResponse } from 'sluice/plugin';
import type { Config } from './config.ts';
import { readToken, type Token } from './token-answer.ts';

type Style = 'header' | 'parameters';

/** Asks a token endpoint for tokens, in the way that it was found to take the client's name and secret. */
export class TokenRequest {
  private readonly config: Config;
  private readonly client: HttpClient;
  private style: Style | undefined;

  constructor(config: Config, client: HttpClient) {
    this.config = config;
    this.client = client;
  }

  /** Throws RetryableError where there is no token to be had. */
  async token(signal: AbortSignal): Promise<Token> {
    const { client_id, client_id_file, client_secret, client_secret_file } = this.config;
    const id = await valueOf(client_id, client_id_file);
    const secret = await valueOf(client_secret?.reveal(), client_secret_file);
    const first = this.style ?? 'header';
    let answer = await this.ask(first, id, secret, signal);
    let style: Style = first;
    // RFC 6749 has servers take the header; some only take parameters, and say no more than that they know no such client.
    if (this.style === undefined && (answer.status === 400 || answer.status === 401)) {
      style = 'parameters';
      answer = await this.ask(style, id, secret, signal);
    }
    const token = readToken(answer);
    this.style = style;
    return token;
  }

  private ask(style: Style, id: string, secret: string, signal: AbortSignal): Promise<HttpClientResponse> {
    const { token_url: url, scopes, endpoint_params: more } = this.config;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    for (const [name, values] of Object.entries(more)) {
      form.delete(name);
      for (const value of [values].flat()) form.append(name, value);
    }
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    if (style === 'parameters') {
      form.set('client_id', id);
      form.set('client_secret', secret);
    } else
      headers['authorization'] = `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;
    return this.client.request({ url, headers, body: Buffer.from(form.toString()), signal });
  }
}

async function valueOf(value: string | undefined, file: string | undefined): Promise<string> {
  if (file === undefined) return value ?? '';
  try {
    const text = (await readFile(file, 'utf8')).trim();
    if (text === '') throw new Error('the file is empty');
    return text;
  } catch (error) {
    throw new RetryableError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** RFC 6749, 2.3.1: name and secret are form-encoded before they go into the header. */
function formEncoded(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}
