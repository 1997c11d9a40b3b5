import { Resource, Scope, type ResourceGroup, type ScopeGroup } from 'sluice/plugin';
import type { Field, Fields } from './fields.ts';
import { textOfValue } from './json.ts';

/** Where a record stands. The objects are the same for all records that stand there. */
export interface Place {
  readonly resource: Resource;
  readonly resourceSchemaUrl: string;
  readonly serviceName: string | undefined;
  readonly scope: Scope;
  readonly scopeSchemaUrl: string;
}

const noResource = new Resource();
const noScope = new Scope();

export function* placesOf(group: ResourceGroup): Generator<readonly [Place, ScopeGroup]> {
  const resource = group.resource ?? noResource;
  const shared = {
    resource,
    resourceSchemaUrl: group.schemaUrl,
    serviceName: textOfValue(resource.attributes.get('service.name')),
  };
  for (const scopeGroup of group.scopes)
    yield [{ ...shared, scope: scopeGroup.scope ?? noScope, scopeSchemaUrl: scopeGroup.schemaUrl }, scopeGroup];
}

export function placeFields(make: Fields<Place>): Field<Place>[] {
  return [
    make.text('service_name', ({ serviceName }) => serviceName),
    make.sharedAttributes('resource_attributes', ({ resource }) => resource.attributes),
    make.text('resource_schema_url', ({ resourceSchemaUrl }) => resourceSchemaUrl),
    make.text('scope_name', ({ scope }) => scope.name),
    make.text('scope_version', ({ scope }) => scope.version),
    make.sharedAttributes('scope_attributes', ({ scope }) => scope.attributes),
    make.text('scope_schema_url', ({ scopeSchemaUrl }) => scopeSchemaUrl),
  ];
}
