import { useState } from 'react';
import { TextField } from '../components/field.tsx';
import { Card } from '../components/page.tsx';
import { ExplainDialog } from './explain-dialog.tsx';

/** Asks for a person, and shows step by step what a sync would do. */
export function ExplainPanel() {
  const [key, setKey] = useState('');
  const [error, setError] = useState<string>();
  const [explained, setExplained] = useState<string>();
  return (
    <Card title="Explain a person">
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const trimmed = key.trim();
          setError(trimmed === '' ? 'Whom? An email, or # and the id of a portal document.' : undefined);
          if (trimmed !== '') setExplained(trimmed);
        }}
      >
        <TextField
          label="Person"
          hint="An email, or # and the id of a portal document without one. Nothing is written."
          inputMode="email"
          value={key}
          onChange={setKey}
          error={error}
        />
        <div className="row">
          <button type="submit" className="button">
            Explain
          </button>
        </div>
      </form>
      {explained !== undefined && <ExplainDialog person={{ key: explained }} onClose={() => setExplained(undefined)} />}
    </Card>
  );
}
