import { maxAttributes } from '../../../shared/core/model/limits.ts';
import { settingsAnswer } from '../answers/settings.ts';
import { answer, type Handler } from '../asked.ts';

export const session: Handler<'session'> = async ({ desk, operator }) => {
  const { services, version, offers } = desk;
  const { config, clock } = services;
  return answer({
    operator: { email: operator.email ?? null, name: operator.name },
    role: operator.role,
    version,
    settings: settingsAnswer(config),
    limits: { attributes: maxAttributes },
    offers: {
      editDevelopers: offers.editDevelopers,
      schedule: offers.schedule !== undefined,
      deadLetters: offers.openDeadLetters !== undefined,
    },
    now: clock.now(),
  });
};
