/**
 * Something that passes by itself: the message is to be delivered again, and nobody has to look into it. The message is
 * fit for the log.
 */
export class Temporary extends Error {
  override readonly name = 'Temporary';
  readonly reason: 'apigee' | 'time';

  constructor(reason: Temporary['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
