import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons, the one that does it last. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  /** Given: the dialog is a form, and Enter submits it. */
  readonly onSubmit?: (() => void) | undefined;
}

/**
 * A modal dialog while it is rendered. The browser keeps the focus inside, closes it with Escape and gives the focus back
 * to where it was. A click beside it does nothing: what was typed is not lost by accident.
 */
export function Dialog({ title, onClose, children, footer, wide = false, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    const uncover = coverPage();
    element?.showModal();
    return () => {
      element?.close();
      uncover();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const content = (
    <>
      <div className="dialog-head">
        <h2 id={titleId}>{title}</h2>
      </div>
      <div className="dialog-body stack">{children}</div>
      <div className="dialog-foot">
        {footer ?? (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
    </>
  );
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onSubmit?.();
  };
  return createPortal(
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={wide ? 'wide' : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {onSubmit === undefined ? (
        content
      ) : (
        <form noValidate onSubmit={submit}>
          {content}
        </form>
      )}
    </dialog>,
    document.body,
  );
}

let covers = 0;

/** Takes the page behind out of reach, also for whoever does not see it. Answers how to give it back. */
function coverPage(): () => void {
  const root = document.querySelector('#root');
  covers += 1;
  root?.toggleAttribute('inert', true);
  root?.setAttribute('aria-hidden', 'true');
  return () => {
    covers -= 1;
    if (covers > 0) return;
    root?.removeAttribute('inert');
    root?.removeAttribute('aria-hidden');
  };
}
