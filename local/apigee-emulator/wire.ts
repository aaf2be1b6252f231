import type { Answer, Outcome } from './answer.ts';
import type { Attribute, DeveloperRecord } from './developer.ts';
import { answerFailureEdge, printEdge } from './errors-edge.ts';
import { answerFailureX } from './errors-x.ts';
import type { Json, JsonObject } from './json.ts';
import type { Mode, Settings } from './settings.ts';
import { unreachable } from './unreachable.ts';

/** How many apps of a developer are answered at most. */
const appsAnswered = 100;

/** How one flavour writes its answers, under the current settings. */
export interface Wire {
  developer(record: DeveloperRecord): JsonObject;
  /** `expanded` false: emails only. */
  listing(records: readonly DeveloperRecord[], expanded: boolean): Json;
  attribute(attribute: Attribute): JsonObject;
  attributes(attributes: readonly Attribute[]): JsonObject;
  answer(outcome: Outcome): Answer;
}

export function wireOf(mode: Mode, org: string, settings: Settings): Wire {
  const array = (name: string, items: readonly Json[]): JsonObject =>
    items.length === 0 && settings.omitEmptyArrays ? {} : { [name]: items };
  const attribute = mode === 'x' ? attributeX : attributeEdge;

  function developer(record: DeveloperRecord): JsonObject {
    const { email, developerId, status, createdBy, lastModifiedBy } = record;
    const names = { firstName: record.firstName, lastName: record.lastName, userName: record.userName };
    const common = {
      ...record.others,
      ...array('apps', record.apps.slice(0, appsAnswered)),
      ...array('attributes', record.attributes.map(attribute)),
      email,
      developerId,
      ...Object.fromEntries(Object.entries(names).filter(([, name]) => name !== null)),
      organizationName: org,
      status,
    };
    return mode === 'x'
      ? { ...common, createdAt: String(record.createdAt), lastModifiedAt: String(record.lastModifiedAt) }
      : {
          ...common,
          ...array('companies', record.companies),
          createdAt: record.createdAt,
          createdBy,
          lastModifiedAt: record.lastModifiedAt,
          lastModifiedBy,
        };
  }

  function listing(records: readonly DeveloperRecord[], expanded: boolean): Json {
    if (expanded) return array('developer', records.map(developer));
    if (mode === 'edge') return records.map(({ email }) => email);
    return array(
      'developer',
      records.map(({ email }) => ({ email })),
    );
  }

  function answer(outcome: Outcome): Answer {
    switch (outcome.kind) {
      case 'json':
        return mode === 'x'
          ? {
              status: outcome.status,
              headers: { 'content-type': 'application/json; charset=UTF-8' },
              body: `${JSON.stringify(outcome.value, null, 2)}\n`,
            }
          : {
              status: outcome.status,
              headers: { 'content-type': 'application/json' },
              body: printEdge(outcome.value),
            };
      case 'no-content':
        return { status: 204, headers: {}, body: '' };
      case 'failure':
        return mode === 'x' ? answerFailureX(outcome.failure) : answerFailureEdge(outcome.failure, org);
      default:
        return unreachable(outcome);
    }
  }

  return {
    developer,
    listing,
    attribute,
    attributes: (attributes) => array('attribute', attributes.map(attribute)),
    answer,
  };
}

/** X leaves out an empty value, since an empty string is the default of a string. */
function attributeX({ value, ...rest }: Attribute): JsonObject {
  return value === '' ? rest : { ...rest, value };
}

function attributeEdge(attribute: Attribute): JsonObject {
  return { ...attribute };
}
