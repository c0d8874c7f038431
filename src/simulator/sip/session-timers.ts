import { headerOf, type MessageHead, secondsOf } from './message.ts';
import { replyTo } from './reply.ts';

/** Shorter ones are refused (RFC 4028, 5), and longer ones shortened: seconds. */
const SHORTEST = 90;
const LONGEST = 86_400;

/** A session description, or why none is possible. */
export type UpdateAnswer = { readonly sdp: string } | keyof typeof REFUSED;

const REFUSED = {
  unacceptable: '488 Not Acceptable Here',
  collision: '491 Request Pending',
  'too soon': '500 Server Internal Error',
} as const;

/** How long to wait after an UPDATE that came too soon, in seconds. */
const SOON = 'Retry-After: 1';

/** What a leg does when its session timer says so. */
export interface Refreshed {
  /** This side is to show that it is still there. */
  refresh(): void;
  /** The other side should have, and has not. */
  expire(): void;
  /** Takes a new session description. */
  update(sdp: string): UpdateAnswer;
}

interface Wish {
  readonly seconds: number;
  /** Who is to refresh, in words of the request: `uac` is the other side. */
  readonly refresher: 'uac' | 'uas';
}

/** Reads `90;refresher=uas`; undefined when there is none. */
export function sessionOf(header: string): Wish | undefined {
  const seconds = secondsOf(header);
  if (seconds === undefined) return undefined;
  return {
    seconds: Math.min(seconds, LONGEST),
    refresher: /;\s*refresher\s*=\s*uas\b/i.test(header) ? 'uas' : 'uac',
  };
}

/** Session timers (RFC 4028) and UPDATE (RFC 3311), which sip.js does not know: between it and its transport. */
export class SessionTimers {
  readonly #legOf: (callId: string) => Refreshed | undefined;
  readonly #contact: () => string;
  /** By the branch of the request that the answer goes to. */
  readonly #wishes = new Map<string, Wish>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(legOf: (callId: string) => Refreshed | undefined, contact: () => string) {
    this.#legOf = legOf;
    this.#contact = contact;
  }

  /** Of what comes in, the answer to what sip.js cannot answer. */
  receive({ method, status, branch, callId, inDialog }: MessageHead, message: string): string | undefined {
    if (status !== undefined) return undefined;
    if (method !== 'INVITE' && method !== 'UPDATE') return undefined;
    const wish = sessionOf(headerOf(message, 'session-expires', 'x'));
    if (wish !== undefined && wish.seconds < SHORTEST)
      return replyTo(message, '422 Session Interval Too Small', { headers: [`Min-SE: ${SHORTEST}`] });
    if (method === 'INVITE' && wish !== undefined) {
      // What was never answered is not kept for ever.
      if (this.#wishes.size > 100) this.#wishes.clear();
      this.#wishes.set(branch, wish);
    }
    const leg = method === 'UPDATE' && inDialog ? this.#legOf(callId) : undefined;
    return leg === undefined ? undefined : this.#answerUpdate(leg, callId, message, wish);
  }

  /** What goes out, with what sip.js does not say. */
  send({ method, status = 0, branch, callId }: MessageHead, message: string): string {
    const wish = method === 'INVITE' && status >= 200 ? this.#wishes.get(branch) : undefined;
    if (wish === undefined) return message;
    this.#wishes.delete(branch);
    if (status >= 300) return message;
    this.#start(callId, wish);
    return message.replace('\r\n', `\r\n${headersOf(wish).join('\r\n')}\r\n`);
  }

  /** A call is over. */
  forget(callId: string): void {
    clearTimeout(this.#timers.get(callId));
    this.#timers.delete(callId);
  }

  #start(callId: string, wish: Wish): void {
    this.forget(callId);
    const { seconds, refresher } = wish;
    const own = refresher === 'uas';
    const wait = own ? seconds / 2 : seconds - Math.min(32, seconds / 3);
    const due = () => {
      if (own) {
        this.#legOf(callId)?.refresh();
        this.#start(callId, wish);
      } else this.#legOf(callId)?.expire();
    };
    this.#timers.set(callId, setTimeout(due, wait * 1000).unref());
  }

  #answerUpdate(leg: Refreshed, callId: string, message: string, wish: Wish | undefined): string {
    const offer = message.slice(message.indexOf('\r\n\r\n') + 4);
    const answer = offer.trim() === '' ? { sdp: '' } : leg.update(offer);
    const contact = `Contact: ${this.#contact()}`;
    if (typeof answer === 'string') {
      return replyTo(message, REFUSED[answer], {
        headers: answer === 'too soon' ? [contact, SOON] : [contact],
      });
    }
    if (wish !== undefined) this.#start(callId, wish);
    const timer = wish === undefined ? [] : headersOf(wish);
    return replyTo(message, '200 OK', { headers: [contact, ...timer], body: answer.sdp });
  }
}

function headersOf({ seconds, refresher }: Wish): readonly string[] {
  return ['Require: timer', `Session-Expires: ${seconds};refresher=${refresher}`];
}
