import { secret, z } from 'sluice/plugin';
import { headerName } from '../credentials/header-value.ts';

export const config = z
  .strictObject({
    scheme: z
      .string()
      .default('Bearer')
      .describe('What stands before the token; empty for a header that holds the token alone.'),
    token: secret().optional().describe('The token.'),
    tokens: z
      .array(secret())
      .min(1)
      .optional()
      .describe('Several tokens: a server takes each of them, a client sends the first.'),
    filename: z
      .string()
      .min(1)
      .optional()
      .describe('File with a token on each line, in place of `token` and `tokens`; read again when it changes.'),
    header: z
      .string()
      .regex(headerName, 'expected the name of a header')
      .default('Authorization')
      .describe('The header that carries the token.'),
  })
  .superRefine(({ token, tokens, filename }, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (token !== undefined && tokens !== undefined) complain('tokens', 'takes the place of token; found both');
    if (filename !== undefined) return;
    if (token === undefined && tokens === undefined) complain('token', 'one of token, tokens and filename is required');
    if (token?.reveal().trim() === '') complain('token', 'the token is empty');
    if (tokens?.some((one) => one.reveal().trim() === '') === true) complain('tokens', 'a token is empty');
  });

export type Config = z.output<typeof config>;
