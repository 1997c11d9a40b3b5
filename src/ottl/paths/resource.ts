import { integer, type Fields } from './field.ts';

/** `resource`. */
export const resourceFields: Fields = new Map([
  ['attributes', { type: 'map', read: ({ place }) => place.resource.attributes, plan: { attributesOf: 'resource' } }],
  ['dropped_attributes_count', integer(({ place }) => place.resource.droppedAttributesCount)],
]);
