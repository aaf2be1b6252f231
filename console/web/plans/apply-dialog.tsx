import { useState } from 'react';
import { useLocation } from 'wouter';
import type { PlanAnswer } from '../../api/answers/plans.ts';
import { chosenOf, type PlanKind, roleToApply } from '../../api/plans.ts';
import { call } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { refresh } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { counted, number } from '../components/time.tsx';
import { kindWords, presentKinds, sumOf } from './plan-words.ts';

/** Asks which part of a plan is applied, and for its number, then follows the run that does it. */
export function ApplyDialog({ plan, onClose }: { readonly plan: PlanAnswer; readonly onClose: () => void }) {
  const [, navigate] = useLocation();
  const { settings } = useSession();
  const present = presentKinds(plan.kinds);
  const [left, setLeft] = useState<ReadonlySet<PlanKind>>(new Set());
  const kinds = present.filter((kind) => !left.has(kind));
  const chosen = chosenOf(plan.kinds, kinds);
  const count = kinds.length === 0 ? 0 : sumOf(chosen);
  const needs = roleToApply(chosen, settings.creationLimit);
  const mayApply = useMay(needs);
  const destroys = chosen.deactivate + chosen.delete > 0;
  return (
    <Confirmation
      title="Apply the plan?"
      action="Apply"
      danger={destroys}
      typed={{ label: `Type ${String(count)}, the number of people`, value: String(count) }}
      onClose={onClose}
      onConfirm={async (reason) => {
        if (count === 0) throw new ApiProblem('invalid', 'Nothing is chosen.');
        const { runId } = await call('applyPlan', {
          params: { runId: plan.runId },
          body: { hash: plan.hash, kinds: left.size === 0 ? [] : kinds, planned: count, reason },
        });
        await refresh('run', 'plan', 'runs', 'status', 'activity');
        navigate(`/runs/${runId}`);
      }}
    >
      <p>
        {counted(count, 'person is', 'people are')} written exactly as planned. Who is not as found by now is left
        alone, and reported with both decisions. It is done once, by a run of its own.
      </p>
      <fieldset className="stack">
        <legend>What to apply</legend>
        {present.map((kind) => (
          <label key={kind} className="row">
            <input
              type="checkbox"
              checked={!left.has(kind)}
              onChange={({ target }) =>
                setLeft(
                  (before) => new Set(target.checked ? [...before].filter((it) => it !== kind) : [...before, kind]),
                )
              }
            />
            {number(plan.kinds[kind])} {kindWords[kind]}
          </label>
        ))}
      </fieldset>
      {destroys && (
        <p className="note danger">
          A deleted developer takes all apps and keys along and cannot come back; keys of an inactive one stop working.
          Apigee may serve either for some three minutes more.
        </p>
      )}
      {!mayApply && (
        <p className="note warning">
          What deletes or makes inactive, or creates more than {number(settings.creationLimit)} people, needs the role
          admin: leave it out.
        </p>
      )}
    </Confirmation>
  );
}
