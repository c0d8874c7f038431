import type { AtcomError } from '../errors.ts';
import type { EventName } from '../protocol/events.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';

/** The outcomes that follow from requests alone, without events. */
export type RequestOutcome = Exclude<Outcome, 'confirmed' | 'unconfirmed' | 'partial'>;

/** One GET that was sent. */
export interface RequestReport {
  readonly url: string;
  readonly outcome: RequestOutcome;
  /** The status code, if the phone responded. */
  readonly status?: number;
  /** What the response says besides its status, if that sounds like a failure. */
  readonly warning?: string;
  readonly ms: number;
}

export interface ReportBase {
  /** The phone's name; without one, its host, with `https://` if that is its scheme. */
  readonly phone: string;
  readonly host: string;
  /** From the first request to the last response, including pauses. */
  readonly ms: number;
  readonly requests: readonly RequestReport[];
  /** When the run began that pressed the keys, if it is not the one that reports them. */
  readonly earlier?: string;
}

/** The result of pressing keys on one phone. `error` is set for every outcome except `ok`. */
export type PhoneReport =
  | (ReportBase & { readonly outcome: 'ok' })
  | (ReportBase & {
      readonly outcome: Exclude<RequestOutcome, 'ok'> | 'partial';
      readonly error: AtcomError;
    });

/** A report, or one with what the phone reported afterwards. */
export type ProvenReport =
  | (PhoneReport & Seen)
  | (ReportBase & Proof & { readonly outcome: 'confirmed' })
  | (ReportBase & Seen & { readonly outcome: 'unconfirmed'; readonly error: AtcomError });

/** What proves that the keys worked. */
export interface Proof {
  readonly events?: readonly ReportedEvent[];
  /** A proof other than an event. */
  readonly proof?: string;
}

/** What the phone reported after the keys were sent, if it was not the expected event. */
export interface Seen {
  readonly seen?: readonly EventName[];
}
