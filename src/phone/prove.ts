import { AtcomError, isAtcomError } from '../errors.ts';
import { type EventName, parseEvent } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { VerbProof } from '../protocol/verb-events.ts';
import {
  awaitEvents,
  type EventSource,
  type EventWatch,
  settledUnless,
  UNSETTLED,
  watchGap,
  watchRefusals,
} from './await-events.ts';
import { returns } from './reboot.ts';
import type { PhoneReport, Proof, ProvenReport } from './report.ts';
import type { SendOptions } from './send.ts';
import type { WebPage } from './web-page.ts';

/** How the phone's own events prove a report. */
export interface ConfirmOptions {
  /** The source of the phone's events. It makes the outcomes `confirmed` and `unconfirmed` possible. */
  readonly confirm?: EventSource | undefined;
  /** What to wait for instead of the verb's own event. */
  readonly wait?: EventName | VerbProof | undefined;
  /** Timeout in milliseconds from the phone's response; by default 5000, and 6 minutes for a reboot. */
  readonly within?: number | undefined;
  /**
   * Whether it is enough that the phone was already in this state, as far as its events told: do-not-disturb that is on
   * already.
   */
  readonly orAlready?: boolean | undefined;
  /** Digits to press once the call is up, as for `dtmf`; the event to wait for is then `established`. */
  readonly afterAnswer?: string | undefined;
}

/** The proof by an event that was named, with what goes for the verb's own events if it is one of them. */
function named(event: EventName, proof: VerbProof | undefined): VerbProof {
  const { events = [], contrary, endedBy, direction, ofCall } = proof ?? {};
  return {
    events: [event],
    ...(direction === undefined ? {} : { direction }),
    ...(events.includes(event) && ofCall !== undefined ? { ofCall } : {}),
    ...(events.includes(event) && contrary !== undefined ? { contrary } : {}),
    ...(events.includes(event) && endedBy !== undefined ? { endedBy } : {}),
  };
}

/** What {@link prove} needs of a phone. */
export interface Provable {
  /** Its name and its address: a receiver that does not know the name uses the address. */
  readonly names: readonly [string, string];
  /** What a receiver calls it that cannot tell it from another phone at its address: no proof, but it may refute one. */
  readonly unclear: readonly string[];
  /** Sends the keys to prove, or other ones. */
  send(options: SendOptions, keys?: Sequence): Promise<PhoneReport>;
  /** Asks for its web page, until the signal. */
  watchPage(signal: AbortSignal): () => Promise<WebPage>;
}

/** The proof to wait for, with its timeout. */
export function expectationOf({ wait, within }: ConfirmOptions, proof: VerbProof | undefined): VerbProof {
  const wanted = typeof wait === 'string' ? named(parseEvent(wait), proof) : (wait ?? proof);
  if (wanted === undefined) {
    const hint = 'name the event that tells: wait';
    throw new AtcomError('usage', { reason: 'no event of a phone confirms these keys', hint });
  }
  return within === undefined ? wanted : { ...wanted, within };
}

/**
 * Sends keys and waits for the phone's own event. Only events after the start of the request are a proof; one can
 * arrive before the response. An `unknown` request becomes `confirmed` by its event, and by nothing else.
 */
export async function prove(
  phone: Provable,
  events: EventSource,
  expectation: VerbProof,
  options: ProveOptions,
): Promise<ProvenReport> {
  const gap = watchGap(events, expectation.events);
  const refusals = watchRefusals(events, [...phone.names, ...phone.unclear]);
  try {
    return await proveWatched(phone, events, expectation, { ...options, gap: gap.signal, refusals });
  } finally {
    gap.forget();
    refusals.forget();
  }
}

type ProveOptions = SendOptions & Pick<ConfirmOptions, 'orAlready'>;

async function proveWatched(
  phone: Provable,
  events: EventSource,
  expectation: VerbProof,
  { gap, refusals, ...options }: ProveOptions & Pick<EventWatch, 'gap' | 'refusals'>,
): Promise<ProvenReport> {
  let isSettled = true;
  // Until a request was accepted, no event can be due to these keys.
  const now = () => ({
    since: events.mark(),
    calls: phone.names.flatMap((name) => events.state(name).calls),
    past: phone.names.flatMap((name) => events.over(name)),
    before: stateBefore(events, phone.names, expectation),
    isSettled,
  });
  let [begin, isTaken] = [now(), false];
  let last = begin;
  const mark = () => {
    last = now();
    if (!isTaken) begin = last;
  };
  const report = await phone.send({
    ...options,
    // What was reported before the keys may be read only after them, if this process or the listener stood still.
    async beforeSend() {
      await options.beforeSend?.();
      isSettled = await settledUnless(options.signal ?? options.stop, events);
    },
    onSend: (keys) => {
      mark();
      options.onSend?.(keys);
    },
    // What was reported while it was being connected, or asked for its password, is not due to the keys either.
    async onLeave() {
      await options.onLeave?.();
      // Who did not answer before would only keep the phone waiting.
      if (isSettled) isSettled = await settledUnless(options.signal ?? options.stop, events);
      mark();
    },
    onRequest: (request, head, body) => {
      isTaken ||= request.outcome === 'ok' || request.outcome === 'unknown';
      options.onRequest?.(request, head, body);
    },
  });
  const taken = Date.now();
  if (!isProvable(report)) return report;
  // What came before a request that was lost says nothing of it.
  if (report.outcome === 'unknown') begin = last;
  const { since, before } = begin;
  const started = performance.now();
  const total = () => report.ms + Math.round(performance.now() - started);
  const { phone: name, host, requests } = report;
  const base = { phone: name, host, requests };
  const phones = phone.names;
  const seen = () => events.since(since, { phones }).map(({ event }) => event);
  const signal = options.signal ?? options.stop;
  try {
    if (!begin.isSettled)
      throw new AtcomError('unwatched', { events: expectation.events, reason: UNSETTLED });
    const watchPage = report.outcome === 'ok' ? phone.watchPage : undefined;
    const proof = await awaitProof(events, expectation, {
      ...begin,
      taken,
      phones,
      unclear: phone.unclear,
      signal,
      watchPage,
      gap,
      refusals,
    });
    return { ...base, ...proof, ms: total(), outcome: 'confirmed' };
  } catch (error) {
    // Without its event, an unknown request stays unknown.
    if (report.outcome === 'unknown') return { ...report, ms: total(), seen: seen() };
    const why = whyNot(error, expectation, { gap, signal, heard: events.since(since, { phones }) });
    // What was so before and has changed since, as after a key that toggles, is so no more.
    if (before === undefined || why.code !== 'no-event' || !isSo(events, phone.names, expectation)) {
      return { ...base, ms: total(), outcome: 'unconfirmed', error: why, seen: seen() };
    }
    if (options.orAlready === true)
      return { ...base, ms: total(), outcome: 'confirmed', proof: before.proof };
    const already = new AtcomError('already', { events: expectation.events, since: before.since });
    return { ...base, ms: total(), outcome: 'unconfirmed', error: already, seen: seen() };
  }
}

/** No event proves what the phone refused, nor the rest of a sequence that was not sent after a lost request. */
function isProvable({ outcome, requests }: PhoneReport): boolean {
  if (outcome === 'unknown') return requests.every((request) => request.outcome !== 'skipped');
  return outcome === 'ok';
}

/** Whether the phone is known to be in the state that the keys produce. */
function isSo(events: EventSource, names: Provable['names'], { state }: VerbProof): boolean {
  const known = names.map((name) => events.state(name).dnd).filter((dnd) => dnd !== null);
  return known.length > 0 && known.every((dnd) => dnd === state?.dnd);
}

/** What told the state that the keys produce, before they were sent; undefined if it was another one or is unknown. */
function stateBefore(events: EventSource, names: Provable['names'], expectation: VerbProof) {
  if (!isSo(events, names, expectation)) return undefined;
  const { events: proofs } = expectation;
  const last = events.since(0, { phones: names }).findLast(({ event }) => proofs.includes(event));
  return {
    since: last?.time,
    proof: `it was so already: ${last === undefined ? 'its events told' : `${last.event} at ${last.time}`}`,
  };
}

/** Why there is no proof. That no event came is known only where none can have been lost. */
function whyNot(
  error: unknown,
  expectation: VerbProof,
  { gap, signal, heard }: Pick<EventWatch, 'gap' | 'signal'> & { readonly heard: readonly ReportedEvent[] },
): AtcomError {
  const isSilent = isAtcomError(error) && error.code === 'no-event';
  const cause = isSilent && gap.aborted ? gap.reason : error;
  return isUnproven(cause) ? withAll(cause, heard) : unwatched(expectation, cause, signal);
}

/** The same error, with all that was seen, also what was passed over because it proves nothing of these keys. */
function withAll(error: AtcomError, heard: readonly ReportedEvent[]): AtcomError {
  if (!isAtcomError(error) || error.code !== 'no-event') return error;
  const seen = heard.map(({ phone, event }) => `${phone} ${event}`);
  if (seen.length <= error.details.seen.length) return error;
  return new AtcomError('no-event', { ...error.details, seen }, { cause: error });
}

const UNPROVEN: readonly string[] = ['no-event', 'unconfirmed', 'never-away'];

function isUnproven(error: unknown): error is AtcomError {
  return isAtcomError(error) && UNPROVEN.includes(error.code);
}

/** The events were not waited for to the end, so there is no proof, whatever ended the waiting. */
export function unwatched(
  { events }: Pick<VerbProof, 'events'>,
  cause: unknown,
  signal?: AbortSignal,
): AtcomError<'unwatched'> {
  if (isAtcomError(cause) && cause.code === 'unwatched') return cause;
  const stopped = signal?.aborted === true;
  if (!stopped && !isAtcomError(cause)) throw cause;
  const reason = stopped ? 'the run was stopped' : `the listener was lost: ${(cause as Error).message}`;
  return new AtcomError('unwatched', { events, reason }, { cause });
}

interface Awaited extends EventWatch {
  /** Its web page, if that can be a proof, too. */
  readonly watchPage: Provable['watchPage'] | undefined;
}

/** The events, or the other proof, whichever comes first. A phone that never went away has certainly not restarted. */
async function awaitProof(events: EventSource, expectation: VerbProof, watch: Awaited): Promise<Proof> {
  const { signal, watchPage } = watch;
  if (expectation.restarts !== true || watchPage === undefined) {
    return { events: await awaitEvents(events, expectation, watch) };
  }
  const other = new AbortController();
  const either = AbortSignal.any([other.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const reported = awaitEvents(events, expectation, { ...watch, signal: either });
    const came = reported.then((found) => ({ events: found }));
    const back = returns(watchPage(either), either).then((proof) => ({ proof }));
    // If one fails, the other decides, unless the failure rules out both.
    return await Promise.race([
      came.catch((error) => (isUnproven(error) ? back : Promise.reject(error))),
      back.catch((error) =>
        isAtcomError(error) && error.code === 'never-away' ? Promise.reject(error) : came,
      ),
    ]);
  } finally {
    other.abort();
  }
}
