import { type Invitation, Inviter, type Referral, type Session, SessionState } from './sipjs.ts';

/** What happens to a session of sip.js, as far as a leg wants to know. */
export interface SessionNews {
  /** Both sides know that it was answered; may be told again. */
  readonly onTalk: () => void;
  readonly onEnd: () => void;
  /** It was answered by another phone. */
  readonly onElsewhere: () => void;
  readonly onRefer: (referral: Referral) => void;
  readonly onDigit: (digit: string) => void;
}

/** Tells what happens to a session from now on. */
export function follow(
  session: Session,
  { onTalk, onEnd, onElsewhere, onRefer, onDigit }: SessionNews,
): void {
  session.stateChange.addListener((state) => {
    if (state === SessionState.Established && session instanceof Inviter) onTalk();
    // sip.js reports the end before the reason.
    if (state === SessionState.Terminated) queueMicrotask(onEnd);
  });
  session.delegate = {
    onAck: onTalk,
    onRefer,
    onCancel: ({ request }) => {
      if (/cause=200|elsewhere/i.test(request.getHeader('reason') ?? '')) onElsewhere();
    },
    onInfo: (info) => {
      info.accept().catch(() => undefined);
      const digit = /Signal\s*=\s*([0-9A-D*#])/i.exec(info.request.body)?.[1];
      if (digit !== undefined) onDigit(digit);
    },
  };
}

/** The Call-ID of a session. */
export function idOf(session: Session): string {
  return session instanceof Inviter ? session.request.callId : (session as Invitation).request.callId;
}
