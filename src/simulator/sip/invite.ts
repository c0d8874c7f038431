import type { Code } from '../line.ts';
import { LONGEST_NUMBER, numberOf } from './incoming.ts';
import { mediaOf } from './media/description.ts';
import { LONGEST_ADDRESS } from './message.ts';
import type { Inviter } from './sipjs.ts';

/** What becomes of an INVITE. */
export interface InviteNews {
  /** Every answer but the first, 100. */
  readonly onAnswer: (code: Code, phrase: string) => void;
  /** It was sent elsewhere (302). */
  readonly onRedirect: (contact: string) => void;
}

/** Sends the INVITE of a call. Rejects where none can be sent. */
export async function invite(inviter: Inviter, { onAnswer, onRedirect }: InviteNews): Promise<void> {
  await inviter.invite({
    requestDelegate: {
      onProgress: ({ message }) => {
        mediaOf(inviter)?.early(message.body);
        onAnswer(message.statusCode ?? 180, message.reasonPhrase ?? '');
      },
      onAccept: ({ message }) => {
        mediaOf(inviter)?.answered();
        onAnswer(message.statusCode ?? 200, message.reasonPhrase ?? '');
      },
      onReject: ({ message }) => onAnswer(message.statusCode ?? 408, message.reasonPhrase ?? ''),
      onRedirect: ({ message }) => onRedirect(message.getHeader('contact') ?? ''),
    },
  });
}

/** RFC 3261, 9.1: who cancels waits 64*T1 for the end of the call, in milliseconds. */
const GIVE_UP = 32_000;

/** Cancels a call; resolves when it is over, or given up. */
export async function cancel(
  inviter: Inviter,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  inviter.cancel().catch(() => undefined);
  await wait(GIVE_UP);
  // An answer that comes later is hung up all the same.
  await inviter.dispose().catch(() => undefined);
}

/** The number in a Contact; undefined where there is none, or none that anybody would dial. */
export function numberOfContact(contact: string): string | undefined {
  const [, user = ''] = /sips?:([^@>;\s]+)@/i.exec(contact.slice(0, LONGEST_ADDRESS)) ?? [];
  return user === '' || user.length > LONGEST_NUMBER ? undefined : numberOf(user);
}
