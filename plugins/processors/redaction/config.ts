import { pattern, secret, z } from 'sluice/plugin';

const keys = (description: string) => z.array(z.string()).default([]).describe(description);
const patterns = (description: string) => z.array(pattern()).default([]).describe(description);

/** A section that Sluice has nothing for: it may be there as long as it asks for nothing. */
function sanitizer(name: string, of: string) {
  return z
    .record(z.string(), z.unknown())
    .optional()
    .superRefine((options, context) => {
      if (!isEnabled(options)) return;
      context.addIssue({ code: 'custom', message: `${name} is not supported yet; mask ${of} with blocked_values` });
    })
    .describe(`Not supported yet; it has to be off. Mask ${of} with \`blocked_values\`.`);
}

function isEnabled(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return false;
  return Object.entries(options).some(([key, value]) => (key === 'enabled' ? value === true : isEnabled(value)));
}

const hashes = ['', 'md5', 'sha1', 'sha3', 'hmac-sha256', 'hmac-sha512'] as const;

export const config = z
  .strictObject({
    allow_all_keys: z
      .boolean()
      .default(false)
      .describe('Keep attributes of every key. Otherwise those that are not in `allowed_keys` are removed.'),
    allowed_keys: keys('Keys of attributes that stay; their values are still looked at.'),
    ignored_keys: keys('Keys of attributes that stay as they are.'),
    ignored_key_patterns: patterns('The same by pattern on the key.'),
    redact_all_types: z
      .boolean()
      .default(false)
      .describe('Look at numbers, bools, lists and maps as text, too, and not at strings only.'),
    blocked_key_patterns: patterns('Where the key matches, the whole value is masked.'),
    blocked_values: patterns('What matches in a value is masked.'),
    allowed_values: patterns('Values that match stay as they are, whatever is blocked.'),
    hash_function: z
      .preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(hashes))
      .default('')
      .describe('Put the hash of what is masked in its place, in hex. Left out: asterisks.'),
    hmac_key: secret().optional().describe('The key for `hash_function: hmac-…`.'),
    summary: z
      .enum(['', 'silent', 'info', 'debug'])
      .default('')
      .describe(
        'Add attributes `redaction.…` that count what was done (`info`), or that also name the keys (`debug`).',
      ),
    url_sanitizer: sanitizer('url_sanitizer', 'URLs'),
    db_sanitizer: sanitizer('db_sanitizer', 'queries'),
  })
  .superRefine(({ hash_function, hmac_key }, context) => {
    const needsKey = hash_function.startsWith('hmac-');
    if (needsKey && (hmac_key === undefined || hmac_key.reveal() === '')) {
      context.addIssue({ code: 'custom', path: ['hash_function'], message: `${hash_function} needs an hmac_key` });
    }
    if (!needsKey && hmac_key !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['hmac_key'],
        message: 'hmac_key is for hash_function: hmac-sha256 or hmac-sha512',
      });
    }
  });

export type Config = z.output<typeof config>;
