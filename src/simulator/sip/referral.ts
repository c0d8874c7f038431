import type { Code } from '../line.ts';
import type { Session, URI } from './sipjs.ts';

/** Asks the other side to call somebody (RFC 3515), and tells the final status of that call, or why it was refused. */
export async function askToCall(
  session: Session,
  target: URI | Session,
  told: (code: Code) => void,
): Promise<void> {
  try {
    await session.refer(target, {
      requestDelegate: { onReject: ({ message }) => told(message.statusCode ?? 408) },
      onNotify: (notification) => {
        notification.accept().catch(() => undefined);
        const code = Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0);
        if (code >= 200) told(code);
      },
    });
  } catch {
    told(500);
  }
}

/**
 * Notifies whoever asked for a call of its progress (RFC 3515). sip.js ends the subscription with its first message, so
 * that a phone such as baresip never learns the result; this one stays active until there is a final response.
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
