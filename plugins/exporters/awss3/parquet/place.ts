import { Resource, Scope, type Attributes, type ResourceGroup, type ScopeGroup } from 'sluice/plugin';
import type { Fields, SharedField } from './fields.ts';
import { jsonOfAttributes, textOfValue } from './json.ts';

/** Where records stand. `A` is what becomes of attributes: JSON, or themselves for a map. */
export interface Place<A extends string | Attributes = string | Attributes> {
  readonly serviceName: string | undefined;
  readonly resourceAttributes: A;
  readonly resourceSchemaUrl: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly scopeAttributes: A;
  readonly scopeSchemaUrl: string;
}

/** What becomes of attributes, and the column for it. */
export interface PlaceStyle<A extends string | Attributes> {
  readonly render: (attributes: Attributes) => A;
  column(make: Fields<Place<A>>, name: string, get: (place: Place<A>) => A): SharedField<Place<A>>;
}

export const jsonPlaces: PlaceStyle<string> = {
  render: jsonOfAttributes,
  column: (make, name, get) => make.sharedText(name, get),
};

export const mapPlaces: PlaceStyle<Attributes> = {
  render: (attributes) => attributes,
  column: (make, name, get) => make.sharedMap(name, get),
};

export function placeFields<A extends string | Attributes>(
  make: Fields<Place<A>>,
  style: PlaceStyle<A>,
): SharedField<Place<A>>[] {
  return [
    make.sharedText('service_name', ({ serviceName }) => serviceName),
    style.column(make, 'resource_attributes', ({ resourceAttributes }) => resourceAttributes),
    make.sharedText('resource_schema_url', ({ resourceSchemaUrl }) => resourceSchemaUrl),
    make.sharedText('scope_name', ({ scopeName }) => scopeName),
    make.sharedText('scope_version', ({ scopeVersion }) => scopeVersion),
    style.column(make, 'scope_attributes', ({ scopeAttributes }) => scopeAttributes),
    make.sharedText('scope_schema_url', ({ scopeSchemaUrl }) => scopeSchemaUrl),
  ];
}

const noResource = new Resource();
const noScope = new Scope();

/** The scopes of a resource, each with what it says of its records. */
export function* placesOf<A extends string | Attributes>(
  group: ResourceGroup,
  { render }: PlaceStyle<A>,
): Generator<readonly [Place<A>, ScopeGroup]> {
  const { attributes } = group.resource ?? noResource;
  const shared = {
    serviceName: textOfValue(attributes.get('service.name')),
    resourceAttributes: render(attributes),
    resourceSchemaUrl: group.schemaUrl,
  };
  for (const scopeGroup of group.scopes) {
    const scope = scopeGroup.scope ?? noScope;
    const place = {
      ...shared,
      scopeName: scope.name,
      scopeVersion: scope.version,
      scopeAttributes: render(scope.attributes),
      scopeSchemaUrl: scopeGroup.schemaUrl,
    };
    yield [place, scopeGroup];
  }
}
