import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import type { HistoryEntry, PersonAnswer } from '../../api/answers/person.ts';
import type { PersonRef } from '../../api/requests.ts';
import { useApi } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { Card, Page } from '../components/page.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { capital, exactTime, Time } from '../components/time.tsx';
import { Writes } from '../components/written.tsx';
import { UndoButton } from '../plans/undo.tsx';
import { ExplainDialog } from '../sync/explain-dialog.tsx';
import { Apps } from './apps.tsx';
import { EditForm } from './edit-form.tsx';
import { type PersonAction, PersonDialog } from './person-dialogs.tsx';
import { Sides } from './sides.tsx';

const trail = <Link href="/developers">← Back to the list</Link>;

/** One person: both sides, what is owed to them, their apps and history, and everything an operator may do. */
export function PersonPage({ id }: { readonly id: string }) {
  // Of somebody on neither side nothing is kept by which the id would lead to them.
  const { key } = useHistoryState<{ readonly key?: string } | null>() ?? {};
  const who = useMemo((): PersonRef => (key === undefined ? { id } : { key }), [id, key]);
  const { data, error, refetch } = useApi('person', { body: { person: who } });
  if (data === undefined)
    return (
      <Page title="Developer" trail={trail}>
        <div className="card">
          {error === null ? <Loading what="both sides" /> : <Problem error={error} onRetry={() => void refetch()} />}
        </div>
      </Page>
    );
  return <OnePerson person={data} who={who} />;
}

function OnePerson({ person, who }: { readonly person: PersonAnswer; readonly who: PersonRef }) {
  const { editDevelopers } = useSession().offers;
  const mayOperate = useMay('operator');
  const mayDelete = useMay('admin');
  const [action, setAction] = useState<PersonAction | 'explain'>();
  const [isEditing, setIsEditing] = useState(false);
  const { id, key, developer, may, hold, failure } = person;
  const mayEdit = mayOperate && editDevelopers;
  const button = (wanted: PersonAction | 'explain', label: string, className = 'button') => (
    <button type="button" className={className} onClick={() => setAction(wanted)}>
      {label}
    </button>
  );
  return (
    <Page
      title={key}
      trail={trail}
      heading={
        <>
          {developer !== null && <Badge value={developer.status} />}
          <Badge value={person.sync} title={person.syncWords} />
        </>
      }
      actions={
        <>
          {button('explain', 'Explain')}
          {mayOperate && person.sync !== 'nobody' && button('plan', 'Make a plan…')}
          {mayEdit && may.sync && button('sync', 'Sync now')}
          {mayEdit && may.activate && button('activate', 'Activate')}
          {mayEdit && may.deactivate && button('deactivate', 'Deactivate')}
          {mayDelete && editDevelopers && may.delete && button('delete', 'Delete', 'button danger')}
          {mayDelete && may.forget && button('forget', 'Forget…', 'button danger')}
          {mayEdit && may.edit && !isEditing && (
            <button type="button" className="button primary" onClick={() => setIsEditing(true)}>
              Edit
            </button>
          )}
        </>
      }
    >
      <Standing person={person} />
      {!mayOperate && <p className="muted">You look as a viewer: to edit needs the role operator.</p>}
      {mayOperate && !editDevelopers && (
        <p className="muted">Nobody can be edited or synchronised here: this installation may only read developers.</p>
      )}
      {hold !== null && (
        <div className="note warning">
          <p>
            <strong>Held.</strong> {capital(hold.words)}. <Time at={hold.since} />.
          </p>
          <p>{capital(hold.advice)}.</p>
          {mayEdit && may.release && <div className="row">{button('release', 'Release')}</div>}
        </div>
      )}
      {failure !== null && (
        <div className="note danger">
          <p>
            <strong>Failed.</strong> {capital(failure.words)}
          </p>
          <p className="muted">
            {failure.attempts === 1 ? 'Tried once' : `Tried ${String(failure.attempts)} times`}, since{' '}
            <Time at={failure.since} />.{' '}
            {failure.permanent ? 'It is tried again once either side changes.' : 'It is tried again by itself.'}
          </p>
        </div>
      )}
      {isEditing ? (
        <EditForm person={person} onClose={() => setIsEditing(false)} />
      ) : (
        <Card title="Both sides" flush>
          {person.fields.length === 0 ? (
            <Empty title="Nothing is known of either side" />
          ) : (
            <Sides fields={person.fields} />
          )}
        </Card>
      )}
      <div className="columns">
        <Details person={person} />
        <Apps id={id} hasDeveloper={developer !== null} />
      </div>
      <History entries={person.history} who={who} />
      {action === 'explain' && <ExplainDialog person={who} onClose={() => setAction(undefined)} />}
      {action !== undefined && action !== 'explain' && (
        <PersonDialog
          action={action}
          person={person}
          who={who}
          onChoose={setAction}
          onClose={() => setAction(undefined)}
        />
      )}
    </Page>
  );
}

/** How the person stands, where the badges do not say all of it. */
function Standing({ person: { sync, syncWords, situationWords } }: { readonly person: PersonAnswer }) {
  const words = [...new Set([syncWords, situationWords])].filter((part) => part !== '');
  if (sync === 'in-step' && words.length === 1) return null;
  return <p className="muted">{capital(words.join(': '))}</p>;
}

function Details({ person }: { readonly person: PersonAnswer }) {
  const { developer, portalUser, apigeeProblem, portalProblem, facts } = person;
  return (
    <Card title="Details">
      <dl className="facts">
        <dt>Developer</dt>
        <dd>
          {developer === null ? (apigeeProblem ?? 'There is none in Apigee.') : <code>{developer.developerId}</code>}
        </dd>
        {developer !== null && (
          <>
            <dt>Email in Apigee</dt>
            <dd>{developer.email}</dd>
            <dt>User name</dt>
            <dd>{developer.userName ?? 'none'}</dd>
            <dt>Created</dt>
            <dd>
              <Time at={developer.createdAt} />
            </dd>
            <dt>Changed in Apigee</dt>
            <dd>
              <Time at={developer.lastModifiedAt} />
            </dd>
          </>
        )}
        <dt>Portal user</dt>
        <dd>
          {portalUser === null ? (portalProblem ?? 'There is none on the portal.') : <code>{portalUser.userId}</code>}
        </dd>
        {portalUser !== null && (
          <>
            <dt>Email on the portal</dt>
            <dd>
              {portalUser.email}
              {!portalUser.emailVerified && ', not verified'}
            </dd>
            <dt>Changed on the portal</dt>
            <dd>
              <Time at={portalUser.updatedAt} />
            </dd>
          </>
        )}
        {facts.map(({ name, words }) => (
          <Fact key={name} name={name} words={words} />
        ))}
      </dl>
    </Card>
  );
}

function Fact({ name, words }: { readonly name: string; readonly words: string }) {
  return (
    <>
      <dt>{capital(name)}</dt>
      <dd>{capital(words)}</dd>
    </>
  );
}

function History({ entries, who }: { readonly entries: readonly HistoryEntry[]; readonly who: PersonRef }) {
  return (
    <Card title="History">
      {entries.length === 0 ? (
        <p className="muted">Nothing was done for this person yet.</p>
      ) : (
        <ol className="history">
          {entries.map((entry) => (
            <li
              key={`${String(entry.at)} ${entry.kind} ${entry.words} ${entry.field ?? ''} ${entry.writes[0]?.side ?? ''}`}
            >
              <span className="muted">
                <Time at={entry.at} />
              </span>
              <span>
                {capital(entry.words)}
                {entry.value !== null && (
                  <>
                    {' '}
                    <code>{entry.value}</code>
                  </>
                )}
                <span className="muted">
                  {entry.by !== null && `, ${entry.by}`}
                  {entry.reason !== null && `: ${entry.reason}`}
                </span>
                {entry.act !== null && <UndoButton act={entry.act} person={who} what={exactTime(entry.at)} />}
                {entry.writes.length > 0 && <Writes writes={entry.writes} />}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
