import { AtcomError, isAtcomError } from '../errors.ts';
import { type EventName, parseEvent } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { VerbProof } from '../protocol/verb-events.ts';
import { returns, type WebPage } from './reboot.ts';
import type { PhoneReport, Proof, ProvenReport } from './report.ts';
import type { SendOptions } from './send.ts';

/** Where events of phones come in: the hub of a receiver. */
export interface EventSource {
  /** This moment. */
  mark(): number;
  /** What came after a mark. */
  since(mark: number, filter: { readonly phones: readonly string[] }): readonly ReportedEvent[];
  waitFor(
    events: EventName | readonly EventName[],
    options: {
      readonly since?: number;
      readonly phones?: readonly string[];
      readonly within?: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<ReportedEvent>;
  /** What is known of a phone. */
  state(phone: string): { readonly dnd: boolean | null };
}

/** How a report is proven by what the phone itself says. */
export interface ConfirmOptions {
  /** Where the phone's events come in. With it, `confirmed` and `unconfirmed` are possible outcomes. */
  readonly confirm?: EventSource | undefined;
  /** What to wait for instead of the verb's own event. */
  readonly wait?: EventName | VerbProof | undefined;
  /** Milliseconds from the answer of the phone; by default 5000, and 6 minutes for a reboot. */
  readonly within?: number | undefined;
  /** Whether it is enough that the phone was so before, as far as its events told: do-not-disturb that is on already. */
  readonly orAlready?: boolean | undefined;
  /** Digits to press once the call is up, as for `dtmf`; the event to wait for is `established` then. */
  readonly afterAnswer?: string | undefined;
}

/** What {@link prove} needs of a phone. */
export interface Provable {
  /** Its name and its address: a receiver that does not know the one calls it by the other. */
  readonly names: readonly [string, string];
  /** Sends what is to be proven, or other keys. */
  send(options: SendOptions, keys?: Sequence): Promise<PhoneReport>;
  page(signal: AbortSignal): Promise<WebPage>;
}

/** How long after its proof a call can turn out to be over at once, in milliseconds. */
const GRACE = 300;

const WITHIN = 5000;

/** The proof that is wanted, with the time for it. */
export function expectationOf({ wait, within }: ConfirmOptions, proof: VerbProof | undefined): VerbProof {
  const wanted = typeof wait === 'string' ? { events: [parseEvent(wait)] } : (wait ?? proof);
  if (wanted === undefined) {
    const hint = 'name the event that tells: wait';
    throw new AtcomError('usage', { reason: 'no event of a phone confirms these keys', hint });
  }
  return within === undefined ? wanted : { ...wanted, within };
}

/**
 * Sends keys and waits for the phone's own event. Only what came after the request began is a proof; it can overtake
 * the answer. An `unknown` request becomes `confirmed` by its event, and by nothing else.
 */
export async function prove(
  phone: Provable,
  events: EventSource,
  expectation: VerbProof,
  options: SendOptions & Pick<ConfirmOptions, 'orAlready'>,
): Promise<ProvenReport> {
  const before = stateBefore(events, phone.names, expectation);
  // Until a request was taken, nothing that the phone reports is of these keys.
  let [since, taken] = [events.mark(), false];
  const report = await phone.send({
    ...options,
    onSend: (keys) => {
      if (!taken) since = events.mark();
      options.onSend?.(keys);
    },
    onRequest: (request, head, body) => {
      taken ||= request.outcome === 'ok' || request.outcome === 'unknown';
      options.onRequest?.(request, head, body);
    },
  });
  if (report.outcome !== 'ok' && report.outcome !== 'unknown') return report;
  const started = performance.now();
  const total = () => report.ms + Math.round(performance.now() - started);
  const { phone: name, host, requests } = report;
  const base = { phone: name, host, requests };
  const phones = phone.names;
  const seen = () => events.since(since, { phones }).map(({ event }) => event);
  const signal = options.signal ?? options.stop;
  try {
    const page = report.outcome === 'ok' ? phone.page : undefined;
    const proof = await awaitProof(events, expectation, { since, phones, signal, page });
    return { ...base, ...proof, ms: total(), outcome: 'confirmed' };
  } catch (error) {
    // Without its event an unknown request stays unknown; a stopped run says what it knew.
    if (!isUnproven(error) || report.outcome === 'unknown') return { ...report, ms: total(), seen: seen() };
    if (before === undefined || error.code !== 'no-event') {
      return { ...base, ms: total(), outcome: 'unconfirmed', error, seen: seen() };
    }
    if (options.orAlready === true)
      return { ...base, ms: total(), outcome: 'confirmed', proof: before.proof };
    const already = new AtcomError('already', { events: expectation.events, since: before.since });
    return { ...base, ms: total(), outcome: 'unconfirmed', error: already, seen: seen() };
  }
}

/** What was known before of the state that keys bring about; undefined where it was another one, or not known. */
function stateBefore(events: EventSource, names: Provable['names'], { events: proofs, state }: VerbProof) {
  if (state === undefined || !names.some((name) => events.state(name).dnd === state.dnd)) return undefined;
  const last = events.since(0, { phones: names }).findLast(({ event }) => proofs.includes(event));
  return {
    since: last?.time,
    proof: `it was so already: ${last === undefined ? 'its events told' : `${last.event} at ${last.time}`}`,
  };
}

const UNPROVEN: readonly string[] = ['no-event', 'unconfirmed', 'never-away'];

function isUnproven(error: unknown): error is AtcomError {
  return isAtcomError(error) && UNPROVEN.includes(error.code);
}

interface Watch {
  readonly since: number;
  readonly phones: readonly string[];
  readonly signal: AbortSignal | undefined;
  /** Its web page, where that may be a sign, too. */
  readonly page: Provable['page'] | undefined;
}

/** The events, or the other sign that comes first. A phone that never went away is known not to have restarted. */
async function awaitProof(events: EventSource, expectation: VerbProof, watch: Watch): Promise<Proof> {
  const { signal, page } = watch;
  if (expectation.restarts !== true || page === undefined) {
    return { events: await awaitEvents(events, expectation, watch) };
  }
  const other = new AbortController();
  const either = AbortSignal.any([other.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const reported = awaitEvents(events, expectation, { ...watch, signal: either });
    const came = reported.then((found) => ({ events: found }));
    const back = returns(page, either).then((proof) => ({ proof }));
    // A failure of one leaves it to the other, unless it rules out both.
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

async function awaitEvents(
  events: EventSource,
  { events: wanted, followedBy = [], contrary = [], endedBy = [], within = WITHIN }: VerbProof,
  { since, phones, signal }: Omit<Watch, 'page'>,
): Promise<readonly ReportedEvent[]> {
  const deadline = performance.now() + within;
  const first = await events.waitFor(wanted, { since, phones, within, signal });
  const found = [first];
  for (const next of followedBy) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    found.push(await events.waitFor(next, { since, phones, within: left, signal }));
  }
  if (contrary.length + endedBy.length === 0) return found;
  const heard = events.since(since, { phones });
  const against =
    // What ends another call may come before the proof; only after it, it ends this one.
    heard.find(
      ({ event }, at) => contrary.includes(event) || (endedBy.includes(event) && at > heard.indexOf(first)),
    ) ??
    (await events
      .waitFor([...contrary, ...endedBy], { since: events.mark(), phones, within: GRACE, signal })
      .catch(() => undefined));
  if (against === undefined) return found;
  throw new AtcomError('unconfirmed', { event: first.event, contrary: against.event });
}
