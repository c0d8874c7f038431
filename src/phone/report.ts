import type { AtcomError } from '../errors.ts';
import type { Outcome } from '../protocol/outcomes.ts';

/** What is known from requests alone, without the phone's events. */
export type RequestOutcome = Exclude<Outcome, 'confirmed' | 'unconfirmed'>;

/** One GET, as it was sent. */
export interface RequestReport {
  readonly url: string;
  readonly outcome: RequestOutcome;
  /** The status code, where the phone answered. */
  readonly status?: number;
  readonly ms: number;
}

export interface ReportBase {
  /** The phone's name, or its host where it has none. */
  readonly phone: string;
  readonly host: string;
  /** From the first request to the last answer, pauses included. */
  readonly ms: number;
  readonly requests: readonly RequestReport[];
}

/** What pressing keys on one phone came to; `error` says why, in every outcome but `ok`. */
export type PhoneReport =
  | (ReportBase & { readonly outcome: 'ok' })
  | (ReportBase & { readonly outcome: Exclude<RequestOutcome, 'ok'>; readonly error: AtcomError });
