import { useId, useRef } from 'react';
import type { DraftAttribute } from './draft.ts';

interface AttributeFieldsProps {
  readonly attributes: readonly DraftAttribute[];
  readonly onChange: (change: (before: readonly DraftAttribute[]) => readonly DraftAttribute[]) => void;
  readonly errors: Readonly<Record<string, string>>;
  /** How many Apigee takes. */
  readonly limit: number;
  /** On the button that adds one; another name than that of the form's own button. */
  readonly action: string;
}

/** Custom attributes: changed, added and removed; reserved ones are shown and locked. */
export function AttributeFields({ attributes, onChange, errors, limit, action }: AttributeFieldsProps) {
  const added = useRef(0);
  const list = useRef<HTMLFieldSetElement>(null);
  const add = (): void => {
    added.current += 1;
    const id = `new-${String(added.current)}`;
    onChange((before) => [...before, { id, name: '', value: '', isNew: true, isLocked: false, words: '' }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  };
  const remove = (id: string): void => {
    onChange((before) => before.filter((attribute) => attribute.id !== id));
    list.current?.querySelector<HTMLElement>('.add')?.focus();
  };
  const isFull = attributes.length >= limit;
  return (
    <fieldset ref={list} className="stack">
      <legend>
        Attributes <span className="muted">{`${String(attributes.length)} of ${String(limit)}`}</span>
      </legend>
      <ul className="stack">
        {attributes.map((attribute) => (
          <AttributeRow
            key={attribute.id}
            attribute={attribute}
            error={errors[`attributes.${attribute.id}`] ?? errors[`attributes.${attribute.name}`]}
            onChange={(changed) =>
              onChange((before) =>
                before.map((other) => (other.id === attribute.id ? { ...other, ...changed } : other)),
              )
            }
            onRemove={() => remove(attribute.id)}
          />
        ))}
      </ul>
      {errors['attributes'] !== undefined && <div className="error-text">{errors['attributes']}</div>}
      <div className="row">
        <button type="button" className="button add" aria-disabled={isFull} onClick={isFull ? undefined : add}>
          {action}
        </button>
        {isFull && <span className="hint">Apigee takes no more than {limit}.</span>}
      </div>
    </fieldset>
  );
}

interface AttributeRowProps {
  readonly attribute: DraftAttribute;
  readonly error: string | undefined;
  readonly onChange: (changed: Partial<DraftAttribute>) => void;
  readonly onRemove: () => void;
}

function AttributeRow({ attribute, error, onChange, onRemove }: AttributeRowProps) {
  const { name, value, isNew, isLocked, words } = attribute;
  const id = useId();
  const wrong = error === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-error` };
  return (
    <li className="attribute">
      {isNew ? (
        <input
          className="input"
          aria-label="Attribute name"
          placeholder="Name"
          autoComplete="off"
          value={name}
          {...wrong}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      ) : (
        <label htmlFor={id} title={words}>
          {name}
          {isLocked && <span className="badge">locked</span>}
        </label>
      )}
      <input
        id={id}
        className="input"
        aria-label={isNew ? 'Attribute value' : undefined}
        placeholder={isNew ? 'Value' : undefined}
        autoComplete="off"
        readOnly={isLocked}
        value={value}
        {...(isNew ? {} : wrong)}
        onChange={(event) => onChange({ value: event.target.value })}
      />
      {isLocked ? (
        <span />
      ) : (
        <button
          type="button"
          className="button plain"
          aria-label={`Remove ${name || 'this attribute'}`}
          onClick={onRemove}
        >
          Remove
        </button>
      )}
      {error !== undefined && (
        <div className="error-text" id={`${id}-error`}>
          {error}
        </div>
      )}
    </li>
  );
}
