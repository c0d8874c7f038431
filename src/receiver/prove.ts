import { AtcomError, isAtcomError } from '../errors.ts';
import type { Phone, PhoneReport, ReportBase, SendOptions } from '../phone/index.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { EventName } from '../protocol/events.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { VerbProof } from '../protocol/verb-events.ts';
import type { ReportedEvent } from './event.ts';
import type { EventHub } from './hub.ts';

/** What is awaited after the keys. */
export interface Expectation extends VerbProof {
  /** Milliseconds from the answer of the phone; 5000 by default. */
  readonly within?: number | undefined;
  /** Another sign that may come first, such as the phone's web page after a reboot; its text says what it was. */
  readonly orElse?: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** A report, or one with what the phone itself said afterwards. */
export type ProvenReport =
  | (PhoneReport & Seen)
  | (ReportBase & Proof & { readonly outcome: 'confirmed' })
  | (ReportBase & Seen & { readonly outcome: 'unconfirmed'; readonly error: AtcomError });

/** What proves that the keys worked. */
export interface Proof {
  readonly events?: readonly ReportedEvent[];
  /** Another sign than events. */
  readonly proof?: string;
}

/** What the phone reported since the keys were sent, where that was not what was awaited. */
export interface Seen {
  readonly seen?: readonly EventName[];
}

/** How long after its proof a call can turn out to be rejected at once, in milliseconds. */
const SETTLE = 300;

/**
 * Sends a sequence and waits for the phone's own event. It arms before it sends, because the event can overtake the
 * answer; an `unknown` request becomes `confirmed` by its event.
 */
export async function sendAndProve(
  phone: Phone,
  sequence: Sequence,
  hub: EventHub,
  expectation: Expectation,
  options: SendOptions = {},
): Promise<ProvenReport> {
  const since = hub.mark();
  const report = await phone.send(sequence, options);
  if (report.outcome !== 'ok' && report.outcome !== 'unknown') return report;
  // A receiver that does not know the name calls the phone by its address.
  const phones = [phone.name, phone.host];
  const started = performance.now();
  const total = () => report.ms + Math.round(performance.now() - started);
  const { phone: name, host, requests } = report;
  const base = { phone: name, host, requests };
  const seen = () => hub.since(since, { phones }).map(({ event }) => event);
  try {
    const found = await awaitProof(hub, expectation, {
      since,
      phones,
      signal: options.signal ?? options.stop,
    });
    return { ...base, ...found, ms: total(), outcome: 'confirmed' };
  } catch (error) {
    // Without its event an unknown request stays unknown; a stopped run says what it knew.
    if (!isUnproven(error)) return { ...report, ms: total(), seen: seen() };
    if (report.outcome === 'unknown') return { ...report, ms: total(), seen: seen() };
    return { ...base, ms: total(), outcome: 'unconfirmed', error, seen: seen() };
  }
}

function isUnproven(error: unknown): error is AtcomError {
  return isAtcomError(error) && (error.code === 'no-event' || error.code === 'unconfirmed');
}

interface Watch {
  readonly since: number;
  readonly phones: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function awaitProof(hub: EventHub, expectation: Expectation, watch: Watch): Promise<Proof> {
  const { orElse, signal } = { ...expectation, ...watch };
  if (orElse === undefined) return { events: await awaitEvents(hub, expectation, watch) };
  const other = new AbortController();
  const either = AbortSignal.any([other.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    return await Promise.any([
      awaitEvents(hub, expectation, { ...watch, signal: either }).then((events) => ({ events })),
      orElse(either).then((proof) => ({ proof })),
    ]).catch((failures: AggregateError) => Promise.reject(failures.errors[0]));
  } finally {
    other.abort();
  }
}

async function awaitEvents(
  hub: EventHub,
  { events, followedBy = [], contrary, within = 5000 }: Expectation,
  { since, phones, signal }: Watch,
): Promise<readonly ReportedEvent[]> {
  const deadline = performance.now() + within;
  const found = [await hub.waitFor(events, { since, phones, within, signal })];
  for (const next of followedBy) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    found.push(await hub.waitFor(next, { since, phones, within: left, signal }));
  }
  if (contrary !== undefined) {
    const against = await hub
      .waitFor(contrary, { since, phones, within: SETTLE, signal })
      .catch(() => undefined);
    if (against !== undefined) {
      throw new AtcomError('unconfirmed', { event: found[0]?.event ?? '', contrary: against.event });
    }
  }
  return found;
}

/** The timeouts of {@link probe}, as the vendor's own page has them after a reboot, in milliseconds. */
export const REBOOT = { first: 48_000, every: 5000, within: 360_000 } as const;

/** Asks again and again until something answers, as the vendor's page does: first after a while, then regularly. */
export async function probe(
  answers: () => Promise<boolean>,
  { first, every, within }: { readonly first: number; readonly every: number; readonly within: number },
  signal: AbortSignal,
): Promise<string> {
  const { setTimeout: sleep } = await import('node:timers/promises');
  const started = performance.now();
  for (let wait = first; performance.now() - started + wait <= within; wait = every) {
    await sleep(wait, undefined, { signal });
    if (await answers())
      return `its web page answered after ${formatDuration(Math.round(performance.now() - started))}`;
  }
  throw new AtcomError('no-event', {
    events: ['an answer of its web page'],
    within: formatDuration(within),
    seen: [],
  });
}
