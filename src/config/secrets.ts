import type { z } from 'zod';
import type { Report } from './diagnostic.ts';
import type { Node } from './node.ts';
import { childrenAt, isSecret } from './schema-walk.ts';

export const redacted = '[redacted]';

/** Names of fields whose values are better not shown, whatever the schema says. */
const sensitiveName = /pass(?:word|wd|phrase)?$|secret|token$|api_?-?key|private_?key|credential|authorization|cookie/i;

export function isSensitiveName(name: string): boolean {
  return sensitiveName.test(name);
}

/** A key of a secret field or the name of one: what hangs under it is not shown. */
export function isHidden(path: readonly PropertyKey[], schemas: readonly z.core.$ZodType[]): boolean {
  return isSecret(schemas) || path.some((key) => typeof key === 'string' && isSensitiveName(key));
}

/** Whether a value is made of a variable or a file whose name says that it is a secret. */
export function comesFromSecret(template: string | undefined): boolean {
  return template !== undefined && /pass|secret|token|api_?key|private_?key|credential/i.test(template);
}

/** Keeps the secrets under a node out of every source line that is shown later. */
export function hideSecrets(
  node: Node,
  schemas: readonly z.core.$ZodType[],
  report: Report,
  path: readonly string[] = [],
): void {
  if (node.kind === 'map') {
    for (const [key, { value }] of node.entries) {
      const below = schemas.flatMap((schema) => childrenAt(schema, key));
      hideSecrets(value, below, report, [...path, key]);
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      hideSecrets(
        item,
        schemas.flatMap((schema) => childrenAt(schema, index)),
        report,
        path,
      );
    }
  } else if (
    typeof node.value !== 'boolean' &&
    node.text !== '' &&
    isHidden(path, schemas) &&
    !namesOnly(node.template ?? node.text)
  ) {
    report.hide(node.place);
  }
}

/** Whether a text is references to secrets, and holds none itself. */
function namesOnly(template: string): boolean {
  return /^(?:(?:bearer|basic|token|apikey)\s+)?\$\{[^}]*\}$/i.test(template) && !template.includes(':-');
}

/** Hides what looks like a secret in a source line of which nothing else is known. */
export function redactLine(line: string): string {
  return line
    .replace(/\b(bearer|basic)\s+(?!\$\{)[^\s"'$,}]+/gi, `$1 ${redacted}`)
    .replace(
      /([\w-]+)(["']?\s*[:=]\s*)(["']?)(?!(?:(?:bearer|basic|token)\s+)?\$\{|["']|\[redacted)([^\s"',}][^"',}]*)/gi,
      (all: string, name: string, sep: string, quote: string) =>
        isSensitiveName(name) ? `${name}${sep}${quote}${redacted}` : all,
    );
}
