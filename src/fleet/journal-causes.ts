import * as v from 'valibot';
import { AtcomError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import type { Outcome } from '../protocol/outcomes.ts';

/** Why a phone can have each outcome of a press. */
const CAUSES = {
  ok: [],
  confirmed: [],
  unconfirmed: ['no-event', 'unconfirmed', 'never-away', 'already', 'unwatched'],
  approval: ['approval'],
  unauthorized: ['unauthorized'],
  refused: ['refused'],
  busy: [],
  unreachable: ['unreachable', 'offline', 'tls-untrusted', 'tls-failed', 'no-handles'],
  partial: ['partial'],
  unknown: ['unknown', 'partial'],
  skipped: ['skipped'],
} as const satisfies Readonly<Record<Outcome, readonly ErrorCode[]>>;

type Cause = (typeof CAUSES)[Outcome][number];

/** JSON has numbers that JavaScript takes for infinite. */
export const number = v.pipe(v.number(), v.finite());

const text = v.string();
const texts = v.array(v.string());
const maybe = { text: v.exactOptional(text), texts: v.exactOptional(texts) };
const flag = v.exactOptional(v.boolean());
const yes = v.exactOptional(v.literal(true));

/** What each of them tells. A new detail does not compile before it stands here. */
const DETAILS: {
  readonly [C in Cause]: {
    readonly [K in keyof ErrorDetails[C]]-?: v.GenericSchema<unknown, Exclude<ErrorDetails[C][K], undefined>>;
  };
} = {
  'no-event': {
    events: texts,
    within: text,
    seen: texts,
    refused: maybe.texts,
    shared: maybe.texts,
    unpressed: maybe.text,
  },
  unconfirmed: { event: text, contrary: text, unpressed: maybe.text },
  'never-away': { within: text },
  already: { events: texts, since: maybe.text },
  unwatched: { events: texts, reason: text, keyless: yes },
  approval: { host: text },
  unauthorized: {
    host: text,
    status: number,
    gaveCredentials: v.boolean(),
    scheme: maybe.text,
    page: yes,
    locked: flag,
    withheld: flag,
  },
  refused: { host: text, status: number },
  unreachable: { host: text, reason: text },
  offline: { host: text },
  'tls-untrusted': { host: text, reason: text, fingerprint: text, pinned: v.boolean() },
  'tls-failed': { host: text, reason: text, scheme: v.picklist(['http', 'https']) },
  'no-handles': { host: text, code: text },
  partial: { done: number, total: number, reason: text, isUnsure: flag },
  unknown: { host: text, reason: text, unpressed: maybe.text, effect: maybe.text },
  skipped: { reason: text, untried: yes },
};

/** The error that a journal gives for an outcome; undefined if this program cannot have written it there. */
export function causeFrom(
  outcome: Outcome,
  { code, details }: { readonly code: string; readonly details: unknown },
): AtcomError | undefined {
  const cause = CAUSES[outcome].find((each) => each === code);
  if (cause === undefined) return undefined;
  const parsed = v.safeParse(v.object(DETAILS[cause]), details);
  return parsed.success ? new AtcomError(cause, parsed.output as never) : undefined;
}
