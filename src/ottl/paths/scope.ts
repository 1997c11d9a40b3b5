import { integer, text, type Fields } from './field.ts';

/** `scope`, also spelled `instrumentation_scope`. */
export const scopeFields: Fields = new Map([
  ['name', text(({ place }) => place.scope.name, 'scope_name')],
  ['version', text(({ place }) => place.scope.version, 'scope_version')],
  ['attributes', { type: 'map', read: ({ place }) => place.scope.attributes, plan: { attributesOf: 'scope' } }],
  ['dropped_attributes_count', integer(({ place }) => place.scope.droppedAttributesCount)],
]);
