import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { ReasonField, TextField } from './field.tsx';
import { FormProblem } from './state.tsx';

interface ConfirmationProps {
  readonly title: string;
  /** What will happen, in full. */
  readonly children: ReactNode;
  /** On the button that does it. */
  readonly action: string;
  readonly danger?: boolean;
  /** Has to be typed: the number or the email of what is about to go. */
  readonly typed?: { readonly label: string; readonly value: string };
  readonly needsReason?: boolean;
  readonly wide?: boolean;
  readonly onConfirm: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
  /** Beside Cancel: the milder way. */
  readonly instead?: ReactNode;
}

/**
 * Asks before something is done: what, why, and for what cannot be taken back, the number or the email typed. It closes
 * only once it is done, so that nothing typed is lost when it fails.
 */
export function Confirmation(props: ConfirmationProps) {
  const { title, children, action, danger = false, typed, needsReason = true, wide = false } = props;
  const { onConfirm, onClose, instead } = props;
  const [reason, setReason] = useState('');
  const [confirmed, setConfirmed] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);

  const missing = {
    ...(needsReason && reason.trim().length < 3
      ? { reason: 'Say why, in at least 3 characters: it is kept with your name.' }
      : {}),
    ...(typed !== undefined && confirmed.trim().toLowerCase() !== typed.value.toLowerCase()
      ? { typed: `Type ${typed.value} to go on.` }
      : {}),
  };
  const errors: { readonly reason?: string; readonly typed?: string } = isChecked ? missing : {};

  const submit = async (): Promise<void> => {
    setIsChecked(true);
    if (Object.keys(missing).length > 0 || isBusy) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };

  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          {instead}
          <button type="submit" className={danger ? 'button danger primary' : 'button primary'} aria-disabled={isBusy}>
            {action}
          </button>
        </>
      }
    >
      {children}
      {typed !== undefined && (
        <TextField label={typed.label} value={confirmed} onChange={setConfirmed} error={errors.typed} />
      )}
      {needsReason && <ReasonField value={reason} onChange={setReason} error={errors.reason} />}
      <FormProblem error={problem} />
    </Dialog>
  );
}
