import { onAbort } from '../abort.ts';
import type { CallIdentity } from '../call-identity.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { perProcess } from '../per-process.ts';
import type { EventName } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { VerbProof } from '../protocol/verb-events.ts';
import { isOfNoSuchCall, isOfOlderCall, isOfOtherCall, type KnownCall } from './whose-call.ts';

/** A source of phone events: the hub of a receiver. */
export interface EventSource {
  /** The current position in the events, or the one right after an event. */
  mark(after?: ReportedEvent): number;
  /** The events after a mark. */
  since(mark: number, filter: { readonly phones: readonly string[] }): readonly ReportedEvent[];
  /** Whether all events after a mark are still kept. */
  keeps(mark: number): boolean;
  waitFor(
    events: EventName | readonly EventName[],
    options: {
      readonly since?: number;
      readonly phones?: readonly string[];
      readonly within?: number;
      /** When that time began, of `performance.now()`. */
      readonly begun?: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<ReportedEvent>;
  /** Settles when all that phones have reported by now can be found here; with false if that cannot be known. */
  settled(): Promise<boolean>;
  /**
   * Calls back when events may be lost, at once if they may be now, and with every request of these phones that was
   * refused. Returns a function that unsubscribes.
   */
  onGap(listener: (lasts: boolean, refused?: string) => void, phones: readonly string[]): () => void;
  /** The known state of a phone. */
  state(phone: string): {
    readonly dnd: boolean | null;
    readonly calls: readonly KnownCall[];
  };
  /** The calls of a phone that ended last. */
  over(phone: string): readonly CallIdentity[];
}

/** How long after its proof a call may still end at once, in milliseconds. */
const GRACE = 300;

const WITHIN = 5000;

const TOO_MUCH = 'more was reported meanwhile than is kept, so it is not known whose call is up';

/** The events that have proven keys. */
const proofs = perProcess('proving-events', () => new WeakSet<ReportedEvent>());

/** Whose events are waited for. */
export interface EventWatch {
  /** Only events after this mark count. */
  readonly since: number;
  /** The calls that there were then, and those that were over. */
  readonly calls: readonly KnownCall[];
  readonly past: readonly CallIdentity[];
  /** When the phone had taken the keys, in milliseconds since 1970. */
  readonly taken: number;
  readonly phones: readonly string[];
  /** The names of what may be of such a phone, or of another one at its address. */
  readonly unclear: readonly string[];
  readonly signal: AbortSignal | undefined;
  /** Aborted when what refutes the proof may have been lost. */
  readonly gap: AbortSignal;
  readonly refusals: Refusals;
}

/**
 * Waits for the events that prove keys, and for those that refute them right afterwards.
 *
 * @throws {AtcomError} `no-event`, `unconfirmed`, `unwatched`; the signals' reasons
 */
export async function awaitEvents(
  events: EventSource,
  proof: VerbProof,
  watch: EventWatch,
): Promise<readonly ReportedEvent[]> {
  const found = await awaitProof(events, proof, watch);
  const [first] = found;
  const against = await awaitRefutation(events, proof, { ...watch, first });
  if (against === undefined) return found;
  throw new AtcomError('unconfirmed', { event: first.event, contrary: against.event });
}

async function awaitProof(
  events: EventSource,
  { events: wanted, followedBy = [], direction, certain = false, ofCall, within = WITHIN }: VerbProof,
  { since, calls, past, taken, phones, signal, gap }: EventWatch,
): Promise<readonly [ReportedEvent, ...ReportedEvent[]]> {
  const watch = { phones, within, begun: performance.now(), signal };
  let mark = since;
  const wait = async (next: EventName | readonly EventName[]) => {
    const event = await events.waitFor(next, { ...watch, since: mark });
    mark = events.mark(event);
    return event;
  };
  let first = await wait(wanted);
  const around = () => ({ calls, past, taken, certain, heard: events.since(since, { phones }) });
  // One event is no proof of two presses.
  const isNone = (event: ReportedEvent) =>
    proofs.has(event) ||
    (ofCall !== undefined && isOfNoSuchCall(event, ofCall, around())) ||
    (direction !== undefined && isOfOtherCall(event, direction, around()));
  while (isNone(first)) first = await wait(wanted);
  proofs.add(first);
  const found: [ReportedEvent, ...ReportedEvent[]] = [first];
  // What came before it belongs to the time before, such as the registration of a phone that has yet to restart.
  for (const next of followedBy) found.push(await wait(next));
  if (direction !== undefined) {
    gap.throwIfAborted();
    if (!events.keeps(since)) throw new AtcomError('unwatched', { events: wanted, reason: TOO_MUCH });
  }
  return found;
}

interface Refutation extends EventWatch {
  /** The event that proves the keys. */
  readonly first: ReportedEvent;
}

/** Waits for an event that refutes a proof; undefined once it was watched to the end that none came. */
async function awaitRefutation(
  events: EventSource,
  { contrary = [], endedBy = [] }: VerbProof,
  { since, calls, past, phones, unclear, first, refusals, signal, gap }: Refutation,
): Promise<ReportedEvent | undefined> {
  const against = [...contrary, ...endedBy];
  if (against.length === 0) return undefined;
  const heard = events.since(since, { phones });
  const isOlder = (one: ReportedEvent) => isOfOlderCall(one, first, { calls, past });
  // The end of another call may come before the proof; after the proof, it is the end of this call.
  const found = heard.find(
    (one, at) =>
      (contrary.includes(one.event) && !isOlder(one)) ||
      (endedBy.includes(one.event) && at > heard.indexOf(first) && !isOlder(one)),
  );
  if (found !== undefined) return found;
  const begin = events.mark(first);
  const over = [gap, refusals.after(begin, against), ...(signal === undefined ? [] : [signal])];
  const watch = { phones: [...phones, ...unclear], within: GRACE, begun: performance.now() };
  const next = async (mark: number): Promise<ReportedEvent> => {
    const event = await events.waitFor(against, { ...watch, since: mark, signal: AbortSignal.any(over) });
    return isOlder(event) ? next(events.mark(event)) : event;
  };
  try {
    return await next(begin);
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'no-event') throw error;
    return undefined;
  }
}

/** What is refused to phones. */
interface Refusals {
  /** Aborted with `unwatched` when a request was refused after a mark. */
  readonly after: (mark: number, wanted: readonly EventName[]) => AbortSignal;
  readonly forget: () => void;
}

/** Hears which requests of some phones are refused: each may have been any event. */
export function watchRefusals(events: EventSource, phones: readonly string[]): Refusals {
  let last: { readonly at: number; readonly reason: string } | undefined;
  let check = () => {};
  const forget = events.onGap((_, reason) => {
    if (reason === undefined) return;
    last = { at: events.mark(), reason };
    check();
  }, phones);
  return {
    forget,
    after(mark, wanted) {
      const refused = new AbortController();
      check = () => {
        if (last === undefined || last.at <= mark) return;
        refused.abort(new AtcomError('unwatched', { events: wanted, reason: last.reason }));
      };
      check();
      return refused.signal;
    },
  };
}

/** Why no event proves keys that were sent although that was not known. */
export const UNSETTLED =
  'the listener gave no answer before the keys were sent, so an event may be older than they are';

/**
 * Waits until what has been reported can be found here, unless nothing may be pressed any more. Tells whether it may still
 * come.
 */
export function settledUnless(stop: AbortSignal | undefined, events: EventSource): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const forget = onAbort(stop, () => resolve(true));
    void events.settled().then(resolve, reject).finally(forget);
  });
}

interface GapWatch {
  readonly signal: AbortSignal;
  readonly forget: () => void;
}

/**
 * A signal for what is concluded from silence: aborted when events may have been lost, such as by another listener.
 *
 * @param phones - those of which no request may be refused, either
 */
export function watchGap(
  events: EventSource,
  wanted: readonly string[],
  phones: readonly string[] = [],
): GapWatch {
  const gap = new AbortController();
  const reasonOf = (refused: string | undefined) =>
    refused === undefined
      ? new AtcomError('receiver-closed', { events: wanted })
      : new AtcomError('unwatched', { events: wanted, reason: refused });
  const forget = events.onGap((_, refused) => gap.abort(reasonOf(refused)), phones);
  return { signal: gap.signal, forget };
}
