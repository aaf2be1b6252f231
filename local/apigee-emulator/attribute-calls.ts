import { failed, type Outcome, read, wrote } from './answer.ts';
import { readAttributes, readAttributeValue } from './body.ts';
import { type Call, callerOf, type Site } from './call.ts';
import type { Attribute, DeveloperRecord } from './developer.ts';
import type { Route } from './route.ts';
import { refuseAttributes } from './writes.ts';
import { unreachable } from './unreachable.ts';

type AttributeRoute = Extract<
  Route,
  { kind: 'attributes-read' | 'attributes-replace' | 'attribute-read' | 'attribute-write' | 'attribute-delete' }
>;

/** The attributes sub-resource of one developer. */
export function callAttributes(call: Call, site: Site, route: AttributeRoute): Outcome {
  const { mode, store, wire } = site;
  const known = store.find(route.id);
  if (!known) return failed({ kind: 'developer-missing', id: route.id, by: 'id' });
  switch (route.kind) {
    case 'attributes-read':
      return read(wire.attributes(known.attributes));
    case 'attributes-replace': {
      const input = readAttributes(mode, call.body);
      if (!input.ok) return failed(input.failure);
      return replace(call, site, known, input.value) ?? wrote(wire.attributes(input.value));
    }
    case 'attribute-read': {
      const attribute = known.attributes.find(({ name }) => name === route.name);
      return attribute ? read(wire.attribute(attribute)) : failed({ kind: 'attribute-missing', name: route.name });
    }
    case 'attribute-write': {
      const input = readAttributeValue(mode, call.body, route.name);
      if (!input.ok) return failed(input.failure);
      const present = known.attributes.some(({ name }) => name === route.name);
      const attributes = present
        ? known.attributes.map((attribute) => (attribute.name === route.name ? input.value : attribute))
        : [...known.attributes, input.value];
      return replace(call, site, known, attributes) ?? wrote(wire.attribute(input.value));
    }
    case 'attribute-delete': {
      const attribute = known.attributes.find(({ name }) => name === route.name);
      if (!attribute) return failed({ kind: 'attribute-missing', name: route.name });
      save(
        call,
        site,
        known,
        known.attributes.filter((other) => other !== attribute),
      );
      return wrote(wire.attribute(attribute));
    }
    default:
      return unreachable(route);
  }
}

/** The refusal, if a developer cannot have these attributes. */
function replace(
  call: Call,
  site: Site,
  known: DeveloperRecord,
  attributes: readonly Attribute[],
): Outcome | undefined {
  const refusal = refuseAttributes(site, attributes);
  if (refusal) return failed(refusal);
  save(call, site, known, attributes);
  return undefined;
}

function save(call: Call, site: Site, known: DeveloperRecord, attributes: readonly Attribute[]): void {
  site.store.put({
    ...known,
    attributes,
    ...(site.settings.attributeCallsBump ? { lastModifiedAt: site.now(), lastModifiedBy: callerOf(call.headers) } : {}),
  });
}
