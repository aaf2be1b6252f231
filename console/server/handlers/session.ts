import { maxAttributes } from '../../../shared/core/model/limits.ts';
import { answer, type Handler } from '../asked.ts';

export const session: Handler<'session'> = async ({ desk, operator }) => {
  const { services, version, offers } = desk;
  const { config, clock } = services;
  return answer({
    operator: { email: operator.email ?? null, name: operator.name },
    role: operator.role,
    version,
    settings: {
      org: config.apigee.org,
      apigeeType: config.apigee.type,
      project: config.project,
      database: config.database,
      portalCollection: config.portal.collection,
      statePrefix: config.statePrefix,
      filter: config.portal.filter?.source ?? null,
      destructiveLimit: config.destructiveLimit,
      destructiveLimitPercent: config.destructiveLimitPercent,
      portalDeletePolicy: config.portalDeletePolicy,
      apigeeDeletePolicy: config.apigeeDeletePolicy,
      conflictPolicy: config.conflictPolicy,
    },
    limits: { attributes: maxAttributes },
    offers: {
      editDevelopers: offers.editDevelopers,
      schedule: offers.schedule !== undefined,
      deadLetters: offers.openDeadLetters !== undefined,
    },
    now: clock.now(),
  });
};
