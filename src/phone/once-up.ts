import { setImmediate as nextTurn } from 'node:timers/promises';
import { callNumber, otherSide } from '../call-identity.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { LONGEST_DELAY } from '../protocol/duration.ts';
import { endOf } from '../protocol/effects.ts';
import { EVENT_DEFINITIONS } from '../protocol/events.ts';
import { planRequests } from '../protocol/plan.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { VERB_EVENTS, type VerbProof } from '../protocol/verb-events.ts';
import { verbSequence } from '../protocol/verbs.ts';
import { type EventSource, settledUnless, watchGap } from './await-events.ts';
import { type ConfirmOptions, expectationOf, type Provable, prove, unwatched } from './prove.ts';
import type { ProvenReport, RequestReport } from './report.ts';
import { causeOf, partly, type SendOptions } from './send.ts';

/** Digits to press once a call is up. */
export interface Digits {
  readonly text: string;
  readonly keys: Sequence;
  readonly urls: readonly string[];
}

const UP = {
  ...VERB_EVENTS.answer,
  direction: 'outgoing',
  certain: true,
  endedBy: [...VERB_EVENTS.answer.endedBy, 'remoteBusy'],
} as const satisfies VerbProof;

const ENDS = EVENT_DEFINITIONS.map(({ event }) => event).filter((event) => endOf(event) !== undefined);

/** While the call is on hold, or there is another one, digits would go to that one. */
const ASIDE = ['hold', 'unHold', 'answerNewIncomingCall', 'outgoingCall', 'established'] as const;

/** What the own call tells late, or once more. */
const REPEATED: readonly string[] = ['unHold', 'outgoingCall', 'established'];

/**
 * Parses digits for a call into the keys that press them.
 *
 * @throws {AtcomError} `invalid-number`, `invalid-sequence`
 */
export function readDigits(text: string, settings: PhoneSettings): Digits {
  const keys = verbSequence({ form: 'dtmf', number: text }, settings);
  return { text, keys, urls: planRequests(settings, keys).map(({ url }) => url) };
}

/**
 * The event that proves that a call is up. A call that ends at once does not count.
 *
 * @throws {AtcomError} `usage` if another event is to be waited for
 */
export function onceUp(options: Pick<ConfirmOptions, 'wait' | 'within'>): VerbProof {
  const { events, within } = expectationOf(options, UP);
  if (events.length !== 1 || events[0] !== UP.events[0]) {
    const reason = `digits for after the answer wait for ${UP.events[0]}, not for ${events.join(' or ')}`;
    throw new AtcomError('usage', { reason, hint: `wait for ${UP.events[0]}, or leave the event out` });
  }
  return within === undefined ? UP : { ...UP, within };
}

/**
 * Sends keys and, once the phone reports that the call is up, presses digits in it. If it does not, or the call has
 * ended, they are not pressed: on an idle phone they would be dialled as a number.
 */
export async function pressOnceUp(
  phone: Provable,
  events: EventSource,
  proof: VerbProof,
  digits: Digits,
  options: SendOptions,
): Promise<ProvenReport> {
  const report = await prove(phone, events, proof, options);
  if (report.outcome !== 'confirmed') return 'error' in report ? unpressed(report, digits) : report;
  const call = whileUp(phone, events, { ...options, ...ownCall(report, phone, events) });
  const pressed = await phone.send({ ...options, ...call.watched }, digits.keys).finally(call.forget);
  const { phone: name, host } = report;
  const requests = [...report.requests, ...pressed.requests];
  const base = { phone: name, host, requests, ms: report.ms + pressed.ms };
  if (pressed.outcome === 'ok') return { ...report, ...base };
  const { ended, lost } = call.over();
  const isCut = causeOf(pressed.error).code === 'skipped';
  if (ended !== undefined && isCut) {
    const unpressed = restOf(digits.text, pressed.requests);
    const details = { event: UP.events[0], contrary: ended.event, unpressed };
    return { ...base, outcome: 'unconfirmed', error: new AtcomError('unconfirmed', details) };
  }
  const cause = lost !== undefined && isCut ? unwatchedDigits(lost) : causeOf(pressed.error);
  const done = report.requests.length + pressed.requests.filter(({ outcome }) => outcome === 'ok').length;
  return { ...base, ...partly({ outcome: pressed.outcome, error: cause }, done, requests.length) };
}

/** The digits that were not sent, as they were written: those between two pauses are one request. */
function restOf(text: string, requests: readonly RequestReport[]): string {
  const done = requests.filter(({ outcome }) => outcome === 'ok').length;
  const parts = text.split(/,+/).filter((part) => part !== '');
  if (done === 0) return text;
  return parts.length === requests.length ? parts.slice(done).join(',') : `the rest of ${text}`;
}

interface Own {
  /** The event that proved that it is up. */
  readonly up: ReportedEvent | undefined;
  /** Whether an event says nothing against the call: that it was placed, or is up, or that another one is over. */
  readonly isHarmless: (event: ReportedEvent) => boolean;
}

function ownCall(report: ProvenReport, { names, unclear }: Provable, events: EventSource): Own {
  const [up] = 'events' in report ? (report.events ?? []) : [];
  const [own, side] = [callNumber(up?.values ?? {}), otherSide(up?.values ?? {})];
  const calls = () => [...names, ...unclear].flatMap((name) => events.state(name).calls);
  /** Whether that a call is up may only be said again: where no number tells, of no call that came in. */
  const isSaidAgain = (other: string | null) =>
    side === null || other === null
      ? calls().every(({ direction }) => direction !== 'incoming')
      : side === other;
  const isHarmless: Own['isHarmless'] = ({ event, values }) => {
    const [id, end] = [callNumber(values), endOf(event)];
    if (end === 'every call') return false;
    if (own !== null && id !== null)
      return id === own ? REPEATED.includes(event) : event === 'hold' || end !== undefined;
    // What is up does not ring any more.
    if (end === 'perhaps one that rang') return side === null || otherSide(values) !== side;
    return event === 'established' && isSaidAgain(otherSide(values));
  };
  return { up, isHarmless };
}

/** Aborted when the call ends, when nobody would notice its end any more, or when the run is stopped. */
function whileUp(
  phone: Provable,
  events: EventSource,
  { stop, beforeSend, onLeave, up, isHarmless }: SendOptions & Own,
) {
  const [over, forget] = [new AbortController(), new AbortController()];
  let [ended, lost]: [ReportedEvent?, AtcomError<'unwatched'>?] = [];
  const phones = [...phone.names, ...phone.unclear];
  const watch = { since: events.mark(up), phones, within: LONGEST_DELAY };
  const gap = watchGap(events, UP.endedBy, phone.names);
  const signal = AbortSignal.any([forget.signal, gap.signal]);
  const waitOn = async (since: number): Promise<ReportedEvent> => {
    const event = await events.waitFor([...ENDS, ...ASIDE], { ...watch, since, signal });
    return isHarmless(event) ? waitOn(events.mark(event)) : event;
  };
  waitOn(watch.since)
    .finally(gap.forget)
    .then(
      (event) => {
        ended = event;
        over.abort();
      },
      (error: unknown) => {
        if (forget.signal.aborted) return;
        lost = unwatched(UP, error);
        over.abort();
      },
    );
  const stopped = stop === undefined ? over.signal : AbortSignal.any([over.signal, stop]);
  /** That the call has ended may have arrived without being read. */
  const checkUp = async () => {
    await settledUnless(stopped, events);
    // Until then, whoever waits above is told.
    await nextTurn();
    if (over.signal.aborted) throw new AtcomError('skipped', { reason: 'the call has ended' });
  };
  const watched = {
    stop: stopped,
    async beforeSend() {
      await beforeSend?.();
      await checkUp();
    },
    async onLeave() {
      await onLeave?.();
      await checkUp();
    },
  };
  return {
    watched,
    over: () => ({ ended, lost }),
    forget: () => forget.abort(),
  };
}

/** A report that names the digits that were not pressed because the call was not up. */
function unpressed(
  report: Extract<ProvenReport, { readonly error: AtcomError }>,
  { text, urls }: Digits,
): ProvenReport {
  const left = urls.map((url): RequestReport => ({ url, outcome: 'skipped', ms: 0 }));
  const requests = [...report.requests, ...left];
  const { error } = report;
  if (isAtcomError(error) && error.code === 'unwatched') {
    const skipped = { outcome: 'skipped', error: unwatchedDigits(error) } as const;
    return { ...report, requests, ...partly(skipped, report.requests.length, requests.length) };
  }
  return { ...report, requests, error: naming(error, text) };
}

/** Why digits were not pressed in a call whose end nobody would have noticed. */
function unwatchedDigits({ details }: AtcomError<'unwatched'>): AtcomError {
  return new AtcomError('skipped', details);
}

/** The same error, with the digits if its message mentions them. */
function naming(error: AtcomError, unpressed: string): AtcomError {
  const options = { cause: error };
  if (!isAtcomError(error)) return error;
  switch (error.code) {
    case 'no-event':
      return new AtcomError(error.code, { ...error.details, unpressed }, options);
    case 'unconfirmed':
      return new AtcomError(error.code, { ...error.details, unpressed }, options);
    case 'unknown':
      return new AtcomError(error.code, { ...error.details, unpressed }, options);
    default:
      return error;
  }
}
