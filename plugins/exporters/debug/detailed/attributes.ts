import type { Attributes } from 'sluice/plugin';
import { typedValue } from '../values.ts';

/** A heading and a line for each attribute, `indent` before each; nothing at all where there is no attribute. */
export function attributeLines(heading: string, attributes: Attributes | undefined, indent = ''): string[] {
  if (attributes === undefined || attributes.size === 0) return [];
  return [`${heading}:`, ...[...attributes].map(([key, value]) => `${indent}     -> ${key}: ${typedValue(value)}`)];
}
