import type { AtcomError } from '../errors.ts';
import type { Outcome } from '../protocol/outcomes.ts';

/** The outcomes that follow from requests alone, without events. */
export type RequestOutcome = Exclude<Outcome, 'confirmed' | 'unconfirmed'>;

/** One GET that was sent. */
export interface RequestReport {
  readonly url: string;
  readonly outcome: RequestOutcome;
  /** The status code, if the phone answered. */
  readonly status?: number;
  readonly ms: number;
}

export interface ReportBase {
  /** The phone's name, or its host if it has none. */
  readonly phone: string;
  readonly host: string;
  /** From the first request to the last answer, including pauses. */
  readonly ms: number;
  readonly requests: readonly RequestReport[];
}

/** The result of pressing keys on one phone. `error` is there in every outcome except `ok`. */
export type PhoneReport =
  | (ReportBase & { readonly outcome: 'ok' })
  | (ReportBase & { readonly outcome: Exclude<RequestOutcome, 'ok'>; readonly error: AtcomError });
