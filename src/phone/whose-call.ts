import { type CallIdentity, callNumber, otherSide } from '../call-identity.ts';
import { endOf } from '../protocol/effects.ts';
import type { EventName } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { VerbProof } from '../protocol/verb-events.ts';

/** A call that a phone has, as its events told. */
export interface KnownCall extends CallIdentity {
  readonly state: string;
  readonly direction: 'incoming' | 'outgoing' | null;
}

/** What was reported around a press. */
export interface Around {
  /** The calls before it. */
  readonly calls: readonly KnownCall[];
  /** Those that were over before it. */
  readonly past: readonly CallIdentity[];
  /** The events since then. */
  readonly heard: readonly ReportedEvent[];
  /** When the phone had taken the keys, in milliseconds since 1970. */
  readonly taken: number;
  /** Whether a call from before the press, which may be long over, is one that may be up. */
  readonly certain?: boolean;
}

/** Whether the call that is up is another one than the keys place or answer, or may be one that began since. */
export function isOfOtherCall(up: ReportedEvent, direction: Direction, around: Around): boolean {
  if (up.event !== 'established') return false;
  const heard = around.heard.slice(0, around.heard.indexOf(up));
  return isOfAnother(tellsOf(up), CANDIDATES[direction](tellsOf(up), { ...around, heard }));
}

/** Whether an event is of another call than one that the keys can be for. */
export function isOfNoSuchCall(
  event: ReportedEvent,
  wanted: NonNullable<VerbProof['ofCall']>,
  around: Around,
): boolean {
  const { calls, past, heard, taken } = around;
  const since = byTime(heard.slice(0, heard.indexOf(event)), taken);
  const meant = MEANT[wanted](calls, since, event);
  // What is handed over may be so by a call that is placed for it.
  const others = HANDED_OVER.includes(event.event)
    ? []
    : [...begunBy(heard, 'outgoingCall'), ...begunBy(since.later, 'established')];
  return isOfAnother(
    TELLS_ITS_SIDE.includes(event.event) ? tellsOf(event) : { ...tellsOf(event), peer: '' },
    {
      // Many phones report only a few events, so the call may be one that nobody heard of; one that rings was heard.
      own: wanted === 'ringing' && meant.length > 0 ? meant : [...meant, UNHEARD],
      others: [],
      older: [
        ...calls.map(told),
        ...begunBy(heard, ...COMES_IN),
        ...others,
        ...(wanted === 'held' ? begunBy(since.later, 'hold') : []),
      ],
      past: past.map(told),
    },
  );
}

/** Whether an event is of a call from before the keys, and not of the one that proves them. */
export function isOfOlderCall(
  event: ReportedEvent,
  proof: ReportedEvent,
  { calls, past }: Pick<Around, 'calls' | 'past'>,
): boolean {
  const [{ number }, own] = [tellsOf(event), tellsOf(proof)];
  if (number === '' || own.number === '' || number === own.number) return false;
  return [...past, ...calls].some(({ id }) => id === number);
}

/** What the phone told of a call. Empty where it did not tell. */
interface Call {
  readonly number: string;
  readonly peer: string;
  /** The phone placed it: forwarded on its way, it has another number. */
  readonly isPlaced?: boolean;
}

/** A call that the phone did not tell of. */
const UNHEARD: Call = { number: '', peer: '' };

/** The calls that an event may be of. */
interface Candidates {
  /** Those that the keys can be for. */
  readonly own: readonly Call[];
  /** Others: if an event can be of one of them, its number or its other side must say that it is of our own. */
  readonly others: readonly Call[];
  /** Others that may be long over, because many phones do not report the end of every call. */
  readonly older: readonly Call[];
  /** Others that are long over, or are not answered any more: only what tells that it is one of them counts. */
  readonly past: readonly Call[];
}

/** How far an event and a call are alike. */
const LIKENESS = {
  not: 0,
  /** Who answers need not be who was called. */
  changed: 1,
  /** Nothing tells. */
  maybe: 2,
  side: 3,
  number: 4,
} as const;

function likeness(call: Call, event: Call): number {
  if (call === UNHEARD) return LIKENESS.changed;
  const { number, peer, isPlaced = false } = call;
  if (number !== '' && event.number !== '') {
    if (number === event.number) return LIKENESS.number;
    return isPlaced ? LIKENESS.changed : LIKENESS.not;
  }
  if (peer === '' || event.peer === '') return LIKENESS.maybe;
  return peer === event.peer ? LIKENESS.side : LIKENESS.changed;
}

function isOfAnother(event: Call, { own, others, older, past }: Candidates): boolean {
  const best = Math.max(LIKENESS.not, ...own.map((call) => likeness(call, event)));
  const isBetter = (call: Call) => likeness(call, event) > best;
  const isPossible = (call: Call) => likeness(call, event) !== LIKENESS.not;
  // Whoever was spoken to before may be called again, and nobody hear of it.
  const isHeard = own.some((call) => call !== UNHEARD);
  const least = isHeard && best <= LIKENESS.changed ? LIKENESS.side : LIKENESS.number;
  return (
    best === LIKENESS.not ||
    [...others, ...older].some(isBetter) ||
    (best < LIKENESS.side && others.some(isPossible)) ||
    past.some((call) => likeness(call, event) >= least && isBetter(call))
  );
}

type Direction = NonNullable<VerbProof['direction']>;

/** Of which call it may be that one is up. */
const CANDIDATES: Readonly<Record<Direction, (up: Call, around: Around) => Candidates>> = {
  outgoing: (up, { calls, past, heard, certain = false }) => {
    // The first call that the phone places is that of the keys; a person may place the next.
    const [own, ...later] = heard.filter(({ event }) => event === 'outgoingCall');
    const begun = [...later.map(tellsOf), ...begunBy(heard, ...COMES_IN)];
    const calling = inPhase(calls, 'calling');
    const ringing = inPhase(calls, 'ringing');
    // One that rang, and has another side than the one that is up, is long over.
    const mayRing = ringing.filter((call) => likeness(call, up) !== LIKENESS.changed);
    // Whoever is called may call at the same time; then a side tells nothing.
    const isSameSide = begun.some((call) => likeness(call, up) === LIKENESS.side);
    return {
      own: stillUp(own, up, heard, isSameSide),
      others: certain ? [...begun, ...calling, ...mayRing] : begun,
      older: certain ? [] : [...calling, ...ringing],
      // A phone may use a number again, for a call of which nobody heard that it began.
      past: [...calls, ...(own === undefined ? [] : past)].map(told),
    };
  },
  incoming: (_, { calls, past, heard, taken }) => {
    const { soon, later } = byTime(heard, taken);
    const own = [...inPhase(calls, 'ringing'), ...begunBy(soon, ...COMES_IN)];
    const others = calls.filter((one) => one.direction === 'outgoing' || one.state === 'held');
    return {
      own: [...own, UNHEARD],
      others: [],
      older: [
        ...inPhase(calls, 'calling'),
        ...begunBy(heard, 'outgoingCall'),
        ...begunBy(later, ...COMES_IN),
      ],
      past: [...others, ...(own.length === 0 ? [] : past)].map(told),
    };
  },
};

type Meant = (calls: Around['calls'], since: Since, event: ReportedEvent) => readonly Call[];

/** Which calls keys can be for: while there is another one, they are for none on hold; one that rings may be long over. */
const MEANT: Readonly<Record<NonNullable<VerbProof['ofCall']>, Meant>> = {
  active: (calls, { soon }, event) => {
    const active = inPhase(calls, 'talking', 'calling');
    if (active.length === 0) return [...calls.map(told), ...begunBy(soon, 'outgoingCall')];
    // Where nothing is reported of answers, a call that rang may be up.
    return isEnd(event) ? active : [...active, ...inPhase(calls, 'ringing')];
  },
  held: (calls, { later }) => {
    const held = inPhase(calls, 'held');
    // Where nothing is reported of holding, any call may be on hold.
    return held.length > 0 || later.some(({ event }) => event === 'hold') ? held : calls.map(told);
  },
  ringing: (calls, { soon }) => {
    const ringing = inPhase(calls, 'ringing');
    return ringing.length > 0 ? ringing : begunBy(soon, 'incomingCall');
  },
};

/** What is reported within so many milliseconds after the keys may have been so before them. */
const SOON = 300;

/** What was reported since the keys were sent. */
interface Since {
  readonly soon: Around['heard'];
  readonly later: Around['heard'];
}

function byTime(heard: Around['heard'], taken: number): Since {
  const isSoon = ({ time }: ReportedEvent) => Date.parse(time) <= taken + SOON;
  return { soon: heard.filter(isSoon), later: heard.filter((event) => !isSoon(event)) };
}

function isEnd({ event }: ReportedEvent): boolean {
  return ENDS.includes(event) || CALLED_IN_VAIN.includes(event);
}

function begunBy(heard: Around['heard'], ...events: readonly EventName[]): readonly Call[] {
  return heard.filter(({ event }) => events.includes(event)).map(tellsOf);
}

function inPhase(calls: Around['calls'], ...phases: readonly string[]): readonly Call[] {
  return calls.filter(({ state }) => phases.includes(state)).map(told);
}

function told({ id, peer, direction }: CallIdentity & Partial<KnownCall>): Call {
  return { number: id ?? '', peer: peer ?? '', isPlaced: direction === 'outgoing' };
}

function tellsOf({ event, values }: ReportedEvent): Call {
  return {
    number: callNumber(values) ?? '',
    peer: otherSide(values) ?? '',
    isPlaced: event === 'outgoingCall',
  };
}

/**
 * The call that was placed, or one that nobody heard of, unless it is over, or on hold, before it is told that it is up: a
 * phone may report out of order. Without numbers, the ends of other sides can be those of earlier calls.
 */
function stillUp(
  own: ReportedEvent | undefined,
  up: Call,
  heard: readonly ReportedEvent[],
  isSameSide: boolean,
): readonly Call[] {
  const call = own === undefined ? UNHEARD : tellsOf(own);
  const since = own === undefined ? heard : heard.slice(heard.indexOf(own));
  // What the call is called may be told only once it is up.
  const [known, sides] = [call.number || up.number, [call.peer, up.peer]];
  const isOver = since.some((one) => {
    const end = endOf(one.event);
    if (end === 'every call') return true;
    const { number, peer } = tellsOf(one);
    const isEnd = end !== undefined || one.event === 'hold';
    if (number !== '' && known !== '') return number === known && isEnd;
    return CALLED_IN_VAIN.includes(one.event) || (isEnd && peer !== '' && sides.includes(peer));
  });
  if (isOver) return [];
  if (own === undefined) return [UNHEARD];
  // What may be over is not forwarded.
  const isPlaced = since.every((one) => endOf(one.event) === undefined || tellsOf(one).number !== '');
  return [{ ...call, isPlaced, peer: isSameSide ? '' : call.peer }];
}

const CALLED_IN_VAIN: readonly EventName[] = ['remoteBusy', 'cancelCallOut'];
const COMES_IN: readonly EventName[] = ['incomingCall', 'answerNewIncomingCall'];
const HANDED_OVER: readonly EventName[] = ['attendedTransfer', 'blindTransfer', 'transferFinished'];
const ENDS: readonly EventName[] = ['terminated', 'callRemoteCanceled'];
/** What other events tell may be whom the call is handed to. */
const TELLS_ITS_SIDE: readonly EventName[] = [...ENDS, ...CALLED_IN_VAIN, 'rejectIncomingCall'];
