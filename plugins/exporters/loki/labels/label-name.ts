/**
 * The name of an attribute as Loki wants names of labels and of structured metadata: letters, digits and underscores. As in
 * Loki, `service.name` becomes `service_name`, and a name that begins with a digit or one underscore gets `key` in front.
 */
export function labelName(attribute: string): string {
  const name = attribute.replaceAll(/[^a-zA-Z0-9_]/gu, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  return /^_(?!_)/.test(name) ? `key${name}` : name;
}
