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
  /** The number of the call that ended last before it. */
  readonly past: readonly string[];
  /** The events since then. */
  readonly heard: readonly ReportedEvent[];
  /** Whether a call that rang before, and may be long over, is one that may be up. */
  readonly certain?: boolean;
}

/**
 * Whether the call that is up is certainly another one than the keys place or answer: by the number of the call, or else
 * by the order in which calls began.
 */
export function isOfOtherCall(
  up: ReportedEvent,
  direction: Direction,
  { calls, heard, ...others }: Around,
): boolean {
  if (up.event !== 'established') return false;
  const before = heard.slice(0, heard.indexOf(up));
  const isOther = direction === 'outgoing' ? isNotPlaced : isNotAnswered;
  // Some phones do not report the end of calls, so that an old one may be known, of somebody else.
  const around = { calls: calls.filter((call) => !isOfOther(call, up)), heard: before, ...others };
  return hasOtherSide(up, direction, around) || isOther(up, around);
}

/**
 * Whether an event certainly is of another call than one that the keys can be for: by its number, if the phone has told that
 * before, or else by its other side. Many phones report only a few events, so a number that is new says nothing.
 */
export function isOfNoSuchCall(
  event: ReportedEvent,
  wanted: NonNullable<VerbProof['ofCall']>,
  { calls, past, heard }: Around,
): boolean {
  const [number, peer] = [numberOf(event), peerOf(event.values)];
  const meant = MEANT[wanted](calls);
  if (meant.length === 0) return false;
  const isNumbered = meant.every(({ id }) => id !== null);
  if (number !== '') {
    if (calls.some(({ id }) => id === number)) return isNumbered && meant.every(({ id }) => id !== number);
    // What a phone forwards or rejects by itself need not have rung.
    if (wanted === 'ringing' && isNumbered) return true;
    const isNew = heard.some((one) => BEGINS.includes(one.event) && numberOf(one) === number);
    if (past.includes(number) && !isNew) return true;
    if (isNumbered) return false;
  }
  // What other events tell may be whom the call is handed to.
  return (
    [...ENDS, 'rejectIncomingCall'].includes(event.event) &&
    meant.every((call) => call.peer !== null && call.peer !== peer) &&
    calls.some((call) => call.peer === peer)
  );
}

/** Whether an event is of a call from before the keys, and not of the one that proves them. */
export function isOfOlderCall(event: ReportedEvent, proof: ReportedEvent, calls: Around['calls']): boolean {
  const [number, own] = [numberOf(event), numberOf(proof)];
  return number !== '' && own !== '' && number !== own && calls.some(({ id }) => id === number);
}

/** Which calls keys can be for. While one is talking, they are for none on hold; one that rings may be long over. */
const MEANT: Readonly<Record<NonNullable<VerbProof['ofCall']>, (calls: Around['calls']) => Around['calls']>> =
  {
    active: (calls) => {
      const talking = calls.filter(({ state }) => state === 'talking');
      return talking.length > 0 ? talking : calls;
    },
    ringing: (calls) => calls.filter(({ state }) => state === 'ringing'),
  };

/** A call that began, as far as the phone told. */
interface Begun {
  readonly number: string;
  readonly peer: string;
}

function begunIn(direction: Direction, heard: Around['heard']): readonly Begun[] {
  const begins = heard.filter(({ event }) => event === BEGIN[direction]);
  return begins.map((one) => ({ number: numberOf(one), peer: peerOf(one.values) }));
}

function begunBefore(calls: Around['calls'], ...states: readonly string[]): readonly Begun[] {
  const begun = calls.filter(({ state }) => states.includes(state));
  return begun.map(({ id, peer }) => ({ number: id ?? '', peer: peer ?? '' }));
}

/** Whether the call that is up has the other side of a call that the keys cannot be for, and of none that they can. */
function hasOtherSide(up: ReportedEvent, direction: Direction, { calls, heard }: Around): boolean {
  const peer = peerOf(up.values);
  const own = direction === 'outgoing' ? [] : begunBefore(calls, 'ringing');
  const others = begunBefore(calls, 'calling', ...(direction === 'outgoing' ? ['ringing'] : []));
  const isOne = (begun: readonly Begun[]) =>
    begun.some((one) => one.peer === peer && (one.number === '' || numberOf(up) === ''));
  return (
    peer !== '' &&
    isOne([...begunIn(OPPOSITE[direction], heard), ...others]) &&
    !isOne([...begunIn(direction, heard), ...own])
  );
}

function isNotPlaced(up: ReportedEvent, { calls, heard, certain = false }: Around): boolean {
  const number = numberOf(up);
  // The first call that the phone places is that of the keys; a person may place the next.
  const [own, ...later] = heard.filter(({ event }) => event === 'outgoingCall');
  if (own !== undefined && isOver(own, heard)) return true;
  const begin = beginOf(number, heard);
  if (begin !== undefined) return numberOf(begin) !== numberOf(own);
  if (calls.some(({ id }) => id === number)) return true;
  const isNumbered = number !== '' && numberOf(own) !== '';
  if (later.length > 0 && !isNumbered) return true;
  const incoming = [...begunIn('incoming', heard), ...(certain ? begunBefore(calls, 'ringing') : [])];
  if (incoming.some((one) => mayBe(one, up, own))) return true;
  const last = heard.findLast(({ event }) => ANSWERS.includes(event))?.event;
  return last === undefined
    ? hasUnnamed(calls, number, ['calling', 'ringing'])
    : last === 'answerNewIncomingCall';
}

/**
 * Whether the call that is up may be one that came in, because its number does not tell, and its other side is not the one
 * that was called. Behind a queue, it need not be that of the call that came in, either.
 */
function mayBe({ number }: Begun, up: ReportedEvent, own: ReportedEvent | undefined): boolean {
  const called = own === undefined ? '' : peerOf(own.values);
  return [number, numberOf(up)].includes('') && (called === '' || called !== peerOf(up.values));
}

function isNotAnswered(up: ReportedEvent, { calls, heard }: Around): boolean {
  const number = numberOf(up);
  const begin = beginOf(number, heard);
  if (begin !== undefined) return begin.event === 'outgoingCall';
  const known = calls.find(({ id }) => id === number);
  if (known !== undefined) return known.direction === 'outgoing' || known.state === 'held';
  const has = (...events: readonly EventName[]) => heard.some(({ event }) => events.includes(event));
  if (hasUnnamed(calls, number, ['ringing']) || has('incomingCall', 'answerNewIncomingCall')) return false;
  return hasUnnamed(calls, number, ['calling']) || has('outgoingCall');
}

/** Whether a call without a number certainly has another one at the other side. */
function isOfOther({ id, peer }: KnownCall, { values }: ReportedEvent): boolean {
  return id === null && peer !== null && peerOf(values) !== '' && peerOf(values) !== peer;
}

/** The number of a call, where the phone tells it. */
function numberOf(event: ReportedEvent | undefined): string {
  return event?.values['call_id'] ?? '';
}

function beginOf(number: string, heard: readonly ReportedEvent[]): ReportedEvent | undefined {
  if (number === '') return undefined;
  return heard.findLast((one) => BEGINS.includes(one.event) && numberOf(one) === number);
}

/** Whether a call that was placed is over; without numbers, some ends can be those of earlier calls. */
function isOver(own: ReportedEvent, heard: readonly ReportedEvent[]): boolean {
  const isIts = (one: ReportedEvent) => {
    const numbers = [numberOf(one), numberOf(own)];
    if (CALLED_IN_VAIN.includes(one.event)) return numbers[0] === numbers[1] || numbers.includes('');
    return ENDS.includes(one.event) && numbers[0] !== '' && numbers[0] === numbers[1];
  };
  return heard.slice(heard.indexOf(own)).some(isIts);
}

/** Whether there is a call in one of these states that may be the one that is up, because a number is missing. */
function hasUnnamed(calls: readonly KnownCall[], number: string, states: readonly string[]): boolean {
  return calls.some(({ id, state }) => states.includes(state) && (number === '' || id === null));
}

type Direction = NonNullable<VerbProof['direction']>;

const BEGIN = { incoming: 'incomingCall', outgoing: 'outgoingCall' } as const satisfies Record<
  Direction,
  EventName
>;
const OPPOSITE = { incoming: 'outgoing', outgoing: 'incoming' } as const satisfies Record<
  Direction,
  Direction
>;
const BEGINS: readonly EventName[] = Object.values(BEGIN);
const ANSWERS: readonly EventName[] = ['answerNewIncomingCall', 'established', 'outgoingCall'];
const CALLED_IN_VAIN: readonly EventName[] = ['remoteBusy', 'cancelCallOut'];
const ENDS: readonly EventName[] = ['terminated', 'callRemoteCanceled'];
