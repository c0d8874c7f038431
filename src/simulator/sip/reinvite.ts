import type { Code } from '../line.ts';
import { GLARE, waitAfter } from './again.ts';
import { mediaOf } from './media/description.ts';
import { Inviter, type Session, SessionState } from './sipjs.ts';

/** Where acknowledgements get lost, the other side refuses until one arrives, which may take several seconds. */
const MOST_TRIES = 10;

interface Answer {
  readonly code: Code;
  readonly retryAfter?: string | undefined;
}

/**
 * Holds a call, resumes it, or shows that it is still on; again after a collision.
 *
 * @param wait - waits so many milliseconds
 * @returns the code of the last answer
 */
export async function reinvite(
  session: Session,
  hold: boolean,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<Code> {
  for (let tries = 1; ; tries += 1) {
    const { code, retryAfter } = await ask(session, hold);
    const time = code < 300 ? undefined : waitAfter(code, retryAfter, session instanceof Inviter);
    if (time === undefined || tries >= MOST_TRIES) return code;
    await wait(time);
  }
}

function ask(session: Session, hold: boolean): Promise<Answer> {
  if (session.state !== SessionState.Established) return Promise.resolve({ code: 481 });
  return new Promise((resolve) => {
    session
      .invite({
        sessionDescriptionHandlerOptions: { hold } as object,
        requestDelegate: {
          onAccept: () => {
            mediaOf(session)?.answered();
            resolve({ code: 200 });
          },
          onReject: ({ message }) =>
            resolve({ code: message.statusCode ?? 408, retryAfter: message.getHeader('retry-after') }),
        },
      })
      .catch(() => resolve({ code: GLARE }));
    session.stateChange.addListener(() => resolve({ code: 481 }));
  });
}
