import { secret, z } from 'sluice/plugin';

const file = (what: string) =>
  z.string().min(1).optional().describe(`File with the ${what}, read again when it changes; it wins over \`${what}\`.`);

const clientAuth = z
  .strictObject({
    username: z.string().optional().describe('Name to send.'),
    username_file: file('username'),
    password: secret().optional().describe('Password to send.'),
    password_file: file('password'),
  })
  .superRefine(({ username, username_file, password, password_file }, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (username_file === undefined && (username === undefined || username === ''))
      complain('username', 'username or username_file is required');
    if (username?.includes(':') === true) complain('username', 'a name with a colon cannot be sent');
    if (password_file === undefined && (password === undefined || password.reveal() === ''))
      complain('password', 'password or password_file is required');
  });

const htpasswd = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File in the format of htpasswd, read again when it changes: bcrypt, apr1, SHA or plain passwords.'),
    inline: secret().optional().describe('Lines in the same format; they win over those of the file.'),
  })
  .refine(({ file: path, inline }) => path !== undefined || (inline?.reveal().trim() ?? '') !== '', {
    message: 'file or inline is required',
  });

export const config = z
  .strictObject({
    client_auth: clientAuth.optional().describe('What exporters send.'),
    htpasswd: htpasswd.optional().describe('Whom receivers let in.'),
  })
  .superRefine(({ client_auth: client, htpasswd: server }, context) => {
    if (client !== undefined && server !== undefined)
      context.addIssue({ code: 'custom', path: ['htpasswd'], message: 'takes the place of client_auth; found both' });
    if (client === undefined && server === undefined)
      context.addIssue({ code: 'custom', message: 'client_auth or htpasswd is required' });
  });

export type ClientConfig = z.output<typeof clientAuth>;
export type HtpasswdConfig = z.output<typeof htpasswd>;
