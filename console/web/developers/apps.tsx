import type { AppAnswer } from '../../api/answers/person.ts';
import { useApi } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { useNow } from '../components/clock.ts';
import { Card } from '../components/page.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { Time } from '../components/time.tsx';

/** The developer's apps with their keys' state and products. Secrets are never asked for. */
export function Apps({ id, hasDeveloper }: { readonly id: string; readonly hasDeveloper: boolean }) {
  const { data, error, refetch } = useApi('apps', { body: { person: { id } } }, { enabled: hasDeveloper });
  if (!hasDeveloper)
    return (
      <Card title="Apps">
        <p className="muted">Without a developer in Apigee there are no apps.</p>
      </Card>
    );
  if (data === undefined)
    return (
      <Card title="Apps">
        {error === null ? <Loading what="apps" lines={2} /> : <Problem error={error} onRetry={() => void refetch()} />}
      </Card>
    );
  return (
    <Card title="Apps">
      {data.apps.length === 0 ? (
        <p className="muted">No apps yet.</p>
      ) : (
        <ul className="stack">
          {data.apps.map((app) => (
            <App key={app.name} app={app} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function App({ app }: { readonly app: AppAnswer }) {
  const now = useNow();
  return (
    <li className="stack">
      <span className="row">
        <strong>{app.name}</strong>
        <Badge value={app.status} />
      </span>
      <ul>
        {app.keys.map(({ keyEnd, status, expiresAt, products }) => (
          <li key={keyEnd} className="muted">
            Key …<code>{keyEnd}</code> <Badge value={status} />{' '}
            {expiresAt === null ? (
              'never expires'
            ) : (
              <>
                {expiresAt < now ? 'expired' : 'expires'} <Time at={expiresAt} />
              </>
            )}
            {products.length > 0 &&
              `; ${products.map((product) => (product.status === 'approved' ? product.name : `${product.name} (${product.status})`)).join(', ')}`}
          </li>
        ))}
      </ul>
    </li>
  );
}
