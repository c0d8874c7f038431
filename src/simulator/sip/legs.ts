import { append } from '../../append.ts';
import type { SipLeg } from './leg.ts';
import { analyse, type Sound } from './media/tone.ts';
import type { Session } from './sipjs.ts';

/** The maximum number of concurrent calls; further calls are refused before the phone sees them. */
const MOST_LEGS = 8;
/** How many ended calls are remembered. */
const MOST_PAST = 100;
/** How much of the latest audio is examined, in milliseconds. */
const VERIFY = 300;
/** How much later the last packet of that period may arrive, in milliseconds. */
const LATE = 40;

/** The audio of one leg: what is heard, and its statistics. */
export interface LegAudio {
  readonly remote: string;
  readonly callId: string;
  /** `PCMA` or `PCMU`; undefined before both sides have agreed. */
  readonly codec: string | undefined;
  /** It was answered. */
  readonly up: boolean;
  /** This phone holds the call. */
  readonly held: boolean;
  readonly sound: Sound;
  /** Packets of a codec that was not agreed came in: what they sound like is unknown. */
  readonly undecoded: boolean;
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly jitter: number;
}

/** The calls of a line, and what was heard in those that have ended. */
export class Legs {
  readonly #legs = new Set<SipLeg>();
  readonly #past: LegAudio[] = [];

  get areFull(): boolean {
    return this.#legs.size >= MOST_LEGS;
  }

  [Symbol.iterator](): IterableIterator<SipLeg> {
    return this.#legs.values();
  }

  add(leg: SipLeg): SipLeg {
    this.#legs.add(leg);
    return leg;
  }

  delete(leg: SipLeg): void {
    if (!this.#legs.delete(leg)) return;
    append(this.#past, audioOf(leg));
    if (this.#past.length > MOST_PAST) this.#past.shift();
  }

  ofCall(callId: string): SipLeg | undefined {
    return [...this].find(({ id }) => id === callId);
  }

  ofSession(session: Session | undefined): SipLeg | undefined {
    return [...this].find((leg) => leg.session === session);
  }

  /** The calls to a number that this side has ended, while the other side may not know it yet. */
  endingTo(number: string): readonly SipLeg[] {
    return [...this].filter((leg) => leg.isEnding && leg.remote === number);
  }

  /** @param since - ignores audio received before this time, as of `performance.now()` */
  audio(since = performance.now() - VERIFY - LATE): readonly LegAudio[] {
    return [...this].flatMap((leg) => audioOf(leg, since));
  }

  /** The calls so far, ended ones first, with the last audio of each. */
  calls(): readonly LegAudio[] {
    return [...this.#past, ...this.audio(0)];
  }

  /** The other side counts as gone when it sends no audio for so long, in milliseconds, although it should. */
  dropSilent(milliseconds: number): void {
    for (const leg of this) {
      const { media } = leg;
      if (media?.expectsAudio && performance.now() - media.stream.lastHeard > milliseconds) leg.drop();
    }
  }
}

function audioOf({ media, remote, id, isUp: up }: SipLeg, since = 0): readonly LegAudio[] {
  if (media === undefined) return [];
  const { stream, held } = media;
  const { samples, undecoded } = stream.heard(VERIFY, since);
  const sound = analyse(samples);
  return [{ remote, callId: id, codec: stream.codec, up, held, sound, undecoded, ...stream.counts }];
}
