import { faultKinds, type Action, type Plan } from './plan.ts';
import { simulatePlan } from './simulate-plan.ts';

/** Schedules tried for each smaller plan: with less happening, the same interleaving needs other draws. */
const schedules = 12;

/** The smallest plan found that still goes wrong. `plan` must. */
export async function shrink(plan: Plan): Promise<Plan> {
  let smallest = plan;
  for (;;) {
    const smaller = await firstFailing(smallerPlans(smallest));
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }
}

async function firstFailing(candidates: Iterable<Plan>): Promise<Plan | undefined> {
  for (const candidate of candidates) {
    for (let index = 0; index < schedules; index += 1) {
      const rescheduled = { ...candidate, schedule: candidate.schedule + index };
      if ((await simulatePlan(rescheduled)).length > 0) return rescheduled;
    }
  }
  return undefined;
}

/** Less of everything, the larger steps first. */
function* smallerPlans(plan: Plan): Iterable<Plan> {
  const { rounds, settings, people } = plan;
  if (rounds.length > 1) yield { ...plan, rounds: rounds.slice(0, -1) };
  if (rounds.length > 1) yield { ...plan, rounds: rounds.slice(1) };
  for (const [index, actions] of rounds.entries()) {
    for (let size = Math.ceil(actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < actions.length; start += size) {
        const kept = without(actions, start, size);
        yield { ...plan, rounds: rounds.map((round, at) => (at === index ? kept : round)) };
      }
    }
  }
  for (const kind of faultKinds) {
    const { faults } = settings;
    if (faults[kind] > 0) yield { ...plan, settings: { ...settings, faults: { ...faults, [kind]: 0 } } };
  }
  const { callsPerMinute, ...unlimited } = settings;
  if (callsPerMinute !== undefined) yield { ...plan, settings: unlimited };
  const { skew } = settings;
  if (Object.values(skew).some((ahead) => ahead > 0))
    yield { ...plan, settings: { ...settings, skew: { ours: 0, store: 0, apigee: 0, portal: 0 } } };
  for (const [index, person] of people.entries()) {
    const nobody = { ...person, portal: undefined, apigee: undefined };
    if (person.portal !== undefined || person.apigee !== undefined)
      yield { ...plan, people: people.map((one, at) => (at === index ? nobody : one)) };
  }
}

/** The ones after keep their distance in time to the ones before. */
function without(actions: readonly Action[], start: number, size: number): readonly Action[] {
  const gap = actions.slice(start, start + size).reduce((sum, action) => sum + action.gap, 0);
  const [next, ...rest] = actions.slice(start + size);
  const delayed = next === undefined ? [] : [{ ...next, gap: next.gap + gap }];
  return [...actions.slice(0, start), ...delayed, ...rest];
}
