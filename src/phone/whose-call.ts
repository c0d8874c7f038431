import type { EventName } from '../protocol/events.ts';
import { peerOf } from '../protocol/peer.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { VerbProof } from '../protocol/verb-events.ts';

/** A call that a phone has, as its events told. */
export interface KnownCall {
  readonly id: string | null;
  readonly state: string;
  readonly direction: 'incoming' | 'outgoing' | null;
  /** The number of the other side. */
  readonly peer: string | null;
}

/** What was reported around a press. */
export interface Around {
  /** The calls before it. */
  readonly calls: readonly KnownCall[];
  /** The numbers of calls that were over before it. */
  readonly past: readonly string[];
  /** The events since then. */
  readonly heard: readonly ReportedEvent[];
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
  { calls, past, heard }: Around,
): boolean {
  const meant = MEANT[wanted](calls);
  if (meant.length === 0) return false;
  const incoming = begunBy(heard, 'incomingCall');
  const outgoing = begunBy(heard, 'outgoingCall');
  // Where nothing is reported of answers, a call that rang may be up.
  const up = isEnd(event) ? [] : calls.filter(({ state }) => state === 'ringing');
  const begun = [...incoming, ...outgoing].map(({ number }) => number);
  return isOfAnother(
    TELLS_ITS_SIDE.includes(event.event) ? tellsOf(event) : { ...tellsOf(event), peer: '' },
    {
      // Many phones report only a few events, so the call may be one that nobody heard of; one that rings was heard.
      own: [...[...meant, ...up].map(told), ...(wanted === 'ringing' ? [] : [UNHEARD])],
      others: [],
      older: [
        ...calls.filter((call) => !meant.includes(call) && !up.includes(call)).map(told),
        ...incoming,
        // What hangs up places no call; a transfer may ask in one.
        ...(isEnd(event) ? outgoing : []),
      ],
      numbered: past.filter((number) => !begun.includes(number)),
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
  return past.includes(number) || numbersOf(calls).includes(number);
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
  /** Others that only their number tells. */
  readonly numbered: readonly string[];
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

function isOfAnother(event: Call, { own, others, older, numbered }: Candidates): boolean {
  const best = Math.max(LIKENESS.not, ...own.map((call) => likeness(call, event)));
  const isBetter = (call: Call) => likeness(call, event) > best;
  const isPossible = (call: Call) => likeness(call, event) !== LIKENESS.not;
  return (
    best === LIKENESS.not ||
    [...others, ...older].some(isBetter) ||
    (best < LIKENESS.side && others.some(isPossible)) ||
    (best < LIKENESS.number && event.number !== '' && numbered.includes(event.number))
  );
}

type Direction = NonNullable<VerbProof['direction']>;

/** Of which call it may be that one is up. */
const CANDIDATES: Readonly<Record<Direction, (up: Call, around: Around) => Candidates>> = {
  outgoing: (up, { calls, past, heard, certain = false }) => {
    // The first call that the phone places is that of the keys; a person may place the next.
    const [own, ...later] = heard.filter(({ event }) => event === 'outgoingCall');
    const begun = [...later.map(tellsOf), ...begunBy(heard, 'incomingCall', 'answerNewIncomingCall')];
    const calling = begunBefore(calls, 'calling');
    const ringing = begunBefore(calls, 'ringing');
    // One that rang, and has another side than the one that is up, is long over.
    const mayRing = ringing.filter((call) => likeness(call, up) !== LIKENESS.changed);
    return {
      own: own === undefined ? [UNHEARD] : isOver(own, heard) ? [] : [tellsOf(own)],
      others: certain ? [...begun, ...calling, ...mayRing] : begun,
      older: certain ? [] : [...calling, ...ringing],
      // A phone may use a number again, for a call of which nobody heard that it began.
      numbered: [...numbersOf(calls), ...(own === undefined ? [] : past)],
    };
  },
  incoming: (_, { calls, past, heard }) => {
    const own = [
      ...begunBefore(calls, 'ringing'),
      ...begunBy(heard, 'incomingCall', 'answerNewIncomingCall'),
    ];
    const others = calls.filter((one) => one.direction === 'outgoing' || one.state === 'held');
    return {
      own: [...own, UNHEARD],
      others: [],
      older: [...begunBefore(calls, 'calling'), ...begunBy(heard, 'outgoingCall')],
      numbered: [...numbersOf(others), ...(own.length === 0 ? [] : past)],
    };
  },
};

/** Which calls keys can be for: while there is another one, they are for none on hold; one that rings may be long over. */
const MEANT: Readonly<Record<NonNullable<VerbProof['ofCall']>, (calls: Around['calls']) => Around['calls']>> =
  {
    active: (calls) => {
      const active = calls.filter(({ state }) => state === 'talking' || state === 'calling');
      return active.length > 0 ? active : calls;
    },
    held: (calls) => calls.filter(({ state }) => state === 'held'),
    ringing: (calls) => calls.filter(({ state }) => state === 'ringing'),
  };

function isEnd({ event }: ReportedEvent): boolean {
  return ENDS.includes(event) || CALLED_IN_VAIN.includes(event);
}

function begunBy(heard: Around['heard'], ...events: readonly EventName[]): readonly Call[] {
  return heard.filter(({ event }) => events.includes(event)).map(tellsOf);
}

function begunBefore(calls: Around['calls'], phase: string): readonly Call[] {
  return calls.filter(({ state }) => state === phase).map(told);
}

function told({ id, peer, direction }: KnownCall): Call {
  return { number: id ?? '', peer: peer ?? '', isPlaced: direction === 'outgoing' };
}

function tellsOf({ event, values }: ReportedEvent): Call {
  return { number: values['call_id'] ?? '', peer: peerOf(values), isPlaced: event === 'outgoingCall' };
}

function numbersOf(calls: Around['calls']): readonly string[] {
  return calls.flatMap(({ id }) => id ?? []);
}

/** Whether a call that was placed is over; without numbers, some ends can be those of earlier calls. */
function isOver(own: ReportedEvent, heard: readonly ReportedEvent[]): boolean {
  const { number } = tellsOf(own);
  return heard.slice(heard.indexOf(own)).some((one) => {
    const ended = tellsOf(one).number;
    if (CALLED_IN_VAIN.includes(one.event)) return ended === number || ended === '' || number === '';
    return ENDS.includes(one.event) && ended !== '' && ended === number;
  });
}

const CALLED_IN_VAIN: readonly EventName[] = ['remoteBusy', 'cancelCallOut'];
const ENDS: readonly EventName[] = ['terminated', 'callRemoteCanceled'];
/** What other events tell may be whom the call is handed to. */
const TELLS_ITS_SIDE: readonly EventName[] = [...ENDS, 'rejectIncomingCall'];
