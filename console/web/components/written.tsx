import type { WriteAnswer } from '../../api/answers/person.ts';

/** Fields that were written, or would be, with the values before and after. Who only looks sees the names alone. */
export function Writes({ writes }: { readonly writes: readonly WriteAnswer[] }) {
  return (
    <ul>
      {writes.map((write) => (
        <Write key={`${write.side} ${write.field}`} write={write} />
      ))}
    </ul>
  );
}

function Write({ write: { side, field, values } }: { readonly write: WriteAnswer }) {
  return (
    <li>
      {side === 'apigee' ? 'Apigee' : 'Portal'} {field}
      {values !== null && (
        <>
          : <Value value={values.before} /> → <Value value={values.after} />
        </>
      )}
    </li>
  );
}

function Value({ value }: { readonly value: string | null }) {
  return value === null ? <span className="muted">none</span> : <code>{value}</code>;
}
