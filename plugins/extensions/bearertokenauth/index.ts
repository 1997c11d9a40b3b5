import {
  defineExtension,
  watchFile,
  type ClientAuthenticator,
  type Context,
  type ServerAuthenticator,
} from 'sluice/plugin';
import { onlyValue } from '../credentials/header-value.ts';
import { config, type Config } from './config.ts';
import { Tokens } from './tokens.ts';

export default defineExtension({
  type: 'bearertokenauth',
  summary: 'Authenticates with static tokens, for receivers that check them and exporters that send them.',
  stability: 'beta',
  config,
  async start(options, context) {
    const tokens = new Tokens();
    const stop = await load(tokens, options, context);
    return { provides: { serverAuth: serverAuth(options, tokens), clientAuth: clientAuth(options, tokens) }, stop };
  },
});

async function load(
  tokens: Tokens,
  { token, tokens: several, filename }: Config,
  context: Context,
): Promise<() => void> {
  if (filename === undefined) {
    tokens.replace((several ?? [token]).flatMap((one) => one?.reveal() ?? []));
    return () => {};
  }
  if (token !== undefined || several !== undefined)
    context.logger.warn({ filename }, 'the tokens of the file count; token and tokens are ignored');
  try {
    return await watchFile(filename, context, (text) => tokens.replace(text.split('\n')));
  } catch (error) {
    throw new Error(`filename: ${filename}: ${(error as Error).message}`, { cause: error });
  }
}

function serverAuth({ header, scheme }: Config, tokens: Tokens): ServerAuthenticator {
  const name = header.toLowerCase();
  const prefix = scheme === '' ? '' : `${scheme.toLowerCase()} `;
  return {
    challenge: scheme === '' ? 'Bearer' : scheme,
    authenticate({ headers }) {
      const value = onlyValue(headers, name);
      if (value === undefined || !value.toLowerCase().startsWith(prefix)) return undefined;
      return tokens.includes(value.slice(prefix.length)) ? {} : undefined;
    },
  };
}

function clientAuth({ header, scheme }: Config, tokens: Tokens): ClientAuthenticator {
  const prefix = scheme === '' ? '' : `${scheme} `;
  return { headers: () => ({ [header.toLowerCase()]: prefix + tokens.current }) };
}
