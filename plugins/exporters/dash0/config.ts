import { grpcClientFields, httpClientFields, secret, z } from 'sluice/plugin';
import { endpointFault } from './endpoint.ts';
import { limits } from './limits/config.ts';
import { tokenFault } from './token.ts';

/** Options of one protocol only; with the other they are a mistake. */
const onlyFor = {
  grpc: ['keepalive', 'user_agent', 'authority'],
  http: ['proxy_url', 'compression_params'],
} as const;

/** Headers that have an option of their own. */
const ownHeaders: ReadonlyMap<string, string> = new Map([
  ['authorization', 'token'],
  ['dash0-dataset', 'dataset'],
]);

/** The options of both clients, but for what is said in another way here. */
const transport = z
  .strictObject({ ...httpClientFields, ...grpcClientFields })
  .omit({ auth: true, endpoint: true }).shape;

export const config = z
  .strictObject({
    endpoint: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where to send, as Dash0 shows it under Settings, Endpoints: `ingress.eu-west-1.aws.dash0.com:4317` for gRPC, `https://ingress.eu-west-1.aws.dash0.com` for HTTP.',
      ),
    region: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected the name of a region, such as eu-west-1')
      .optional()
      .describe('Region of AWS that the organisation is in, such as `eu-west-1`, in place of `endpoint`.'),
    protocol: z.enum(['grpc', 'http']).default('grpc').describe('OTLP over gRPC, or over HTTP.'),
    token: secret()
      .optional()
      .describe('Auth token with the permission to ingest; it begins with `auth_`. Best from a variable.'),
    token_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the auth token, in place of `token`; read again when it changes.'),
    dataset: z
      .string()
      .regex(/^[!-~]+$/, 'expected the identifier of a dataset, without white space')
      .default('default')
      .describe('Dataset that the data goes to.'),
    ...transport,
    limits,
  })
  .superRefine((options, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { endpoint, region, protocol, token, token_file } = options;
    if (endpoint === undefined && region === undefined) complain('endpoint', 'one of endpoint and region is required');
    if (endpoint !== undefined && region !== undefined) complain('region', 'takes the place of endpoint; found both');
    const wrong = endpoint === undefined ? undefined : endpointFault(endpoint, protocol);
    if (wrong !== undefined) complain('endpoint', wrong);
    if (token === undefined && token_file === undefined)
      complain('token', 'one of token and token_file is required; for example `token: ${env:DASH0_AUTH_TOKEN}`');
    if (token !== undefined && token_file !== undefined) complain('token_file', 'takes the place of token; found both');
    const fault = token === undefined ? undefined : tokenFault(token.reveal());
    if (fault !== undefined) complain('token', fault);
    const other = protocol === 'grpc' ? 'http' : 'grpc';
    for (const option of onlyFor[other])
      if (options[option] !== undefined) complain(option, `is for \`protocol: ${other}\` only`);
    for (const name of Object.keys(options.headers)) {
      const own = ownHeaders.get(name.toLowerCase());
      if (own !== undefined) complain('headers', `set \`${own}\` in place of the header ${name}`);
    }
  });

export type Config = z.output<typeof config>;
