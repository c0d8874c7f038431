import type { Code } from '../line.ts';
import type { Session } from './sipjs.ts';

/**
 * Tells who asked for a call what becomes of it (RFC 3515). sip.js ends the subscription with its first message, so
 * that a phone such as baresip never learns the end; this one is active until there is a final answer.
 */
export function notifier(session: Session, contact: string): (code: Code, phrase: string) => void {
  return (code, phrase) => {
    const state = code < 200 ? 'active;expires=60' : 'terminated;reason=noresource';
    session.dialog?.notify(undefined, {
      extraHeaders: ['Event: refer', `Subscription-State: ${state}`, `Contact: ${contact}`],
      body: {
        contentDisposition: 'render',
        contentType: 'message/sipfrag;version=2.0',
        content: `SIP/2.0 ${code} ${phrase}\r\n`,
      },
    });
  };
}
