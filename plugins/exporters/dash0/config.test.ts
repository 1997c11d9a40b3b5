import { parseConfig } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import dash0 from './index.ts';

const good = { region: 'eu-west-1', token: 'auth_a1B2c3D4' };

function complaint(options: object): string {
  try {
    parseConfig(dash0, options);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a token', () => {
  it.each(['auth_a1B2c3D4', 'auth_Zm9v-_bar.baz=='])('that begins with auth_ is taken', (token) => {
    expect(complaint({ ...good, token })).toBe('');
  });

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['auth_x\n', 'white space before or after'],
    [' auth_x', 'white space before or after'],
    ['"auth_x"', 'in quotes'],
    ["'auth_x'", 'in quotes'],
    ['Bearer auth_x', 'give it without, Sluice adds it'],
    ['Authorization: Bearer auth_x', 'a whole header'],
    ['${DASH0_TOKEN}', 'a variable that nobody replaced'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'OAuth token'],
    ['dash0_at_abcdef', 'OAuth token'],
    ['auth_a b', 'white space within'],
    ['token123', 'begins with auth_, and this one does not'],
    ['auth_', 'nothing stands after auth_'],
    ['auth_ä', 'characters that no auth token has'],
  ])('%j is refused, and not shown', (token, why) => {
    const said = complaint({ ...good, token });
    expect(said).toContain(why);
    if (token.length > 6) expect(said).not.toContain(token.trim().slice(-6));
  });

  it('is required, once', () => {
    expect(complaint({ region: 'a' })).toContain('one of token and token_file is required');
    expect(complaint({ ...good, token_file: '/run/token' })).toContain('takes the place of token');
    expect(complaint({ region: 'a', token_file: '/run/token' })).toBe('');
  });
});

describe('a destination', () => {
  it.each([
    { endpoint: 'ingress.eu-west-1.aws.dash0.com:4317' },
    { endpoint: 'https://ingress.eu-west-1.aws.dash0.com:4317' },
    { endpoint: 'https://ingress.eu-west-1.aws.dash0.com', protocol: 'http' },
    { endpoint: 'ingress.eu-west-1.aws.dash0.com', protocol: 'http' },
    { endpoint: 'http://proxy:8080/otlp', protocol: 'http' },
    { endpoint: 'proxy:1234' },
    { region: 'europe-west4' },
  ])('%j is taken', (options) => {
    expect(complaint({ token: good.token, ...options })).toBe('');
  });

  it.each([
    [{}, 'one of endpoint and region is required'],
    [{ endpoint: 'a:1', region: 'b' }, 'takes the place of endpoint'],
    [{ region: 'eu-west-1.aws.dash0.com/x' }, 'expected the name of a region'],
    [{ endpoint: 'https://api.eu-west-1.aws.dash0.com' }, 'the API of Dash0'],
    [{ endpoint: 'ingress.eu-west-1.aws.dash0.com' }, 'gRPC on port 4317'],
    [{ endpoint: 'https://ingress.eu-west-1.aws.dash0.com:4317', protocol: 'http' }, 'port 4317 is for gRPC'],
    [{ endpoint: 'http://ingress.eu-west-1.aws.dash0.com:4317' }, 'over TLS only'],
    [{ endpoint: 'https://ingress.eu-west-1.aws.dash0.com/v1/logs', protocol: 'http' }, '/v1/<signal>'],
  ])('%j is refused', (options, why) => {
    expect(complaint({ token: good.token, ...options })).toContain(why);
  });
});

it('headers with an option of their own, and options of the other protocol, are refused', () => {
  expect(complaint({ ...good, headers: { authorization: 'x' } })).toContain('set `token` in place');
  expect(complaint({ ...good, headers: { 'Dash0-Dataset': 'x' } })).toContain('set `dataset` in place');
  expect(complaint({ ...good, headers: { 'X-Other': 'x' } })).toBe('');
  expect(complaint({ ...good, proxy_url: 'http://p:1' })).toContain('is for `protocol: http` only');
  expect(complaint({ ...good, protocol: 'http', keepalive: {} })).toContain('is for `protocol: grpc` only');
  expect(complaint({ ...good, auth: { authenticator: 'x' } })).toContain('auth');
  expect(complaint({ ...good, dataset: 'my data' })).toContain('identifier of a dataset');
});
