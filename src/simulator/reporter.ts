import type { ActionUrls } from './action-urls.ts';
import { callBack } from './callback.ts';
import type { Happening } from './handset/happenings.ts';
import { requestText, type Template, type VariableValues } from './template.ts';

/** What became of the reports of a phone. */
export interface ReportCounts {
  /** The listener answered 2xx. */
  readonly sent: number;
  /** Refused, answered otherwise, or not answered in time. */
  readonly failed: number;
  /** Never tried: too many waited, or the simulator was closed. */
  readonly dropped: number;
}

/** Reports what happens on one phone to its Action URLs. */
export interface Reporter {
  readonly counts: ReportCounts;
  /** Returns at once; what is no event, or has no Action URL, is passed over. */
  report(happening: Happening): void;
  /** Drops what waits, and ends what is under way. */
  close(): void;
}

export interface ReporterOptions {
  readonly urls: ActionUrls;
  readonly valuesOf: (happening: Happening) => VariableValues;
  readonly onFailure: (event: string, reason: string) => void;
  /** Milliseconds for each report, 2000 by default. */
  readonly limit?: number;
}

/** Order and retry of callbacks are not documented. Our choice: in order, one at a time, never twice. */
const MOST_WAITING = 200;
const LIMIT = 2000;

interface Report {
  readonly event: string;
  readonly template: Template;
  readonly request: string;
}

export function newReporter({ urls, valuesOf, onFailure, limit = LIMIT }: ReporterOptions): Reporter {
  const waiting: Report[] = [];
  const counts = { sent: 0, failed: 0, dropped: 0 };
  let cancel: (() => void) | undefined;
  let closed = false;

  const next = () => {
    const report = waiting.shift();
    cancel = report && callBack(report.template, report.request, limit, (failure) => settle(report, failure));
  };
  const settle = ({ event }: Report, failure: string | undefined) => {
    if (closed) return;
    counts[failure === undefined ? 'sent' : 'failed'] += 1;
    next();
    if (failure !== undefined) onFailure(event, failure);
  };

  return {
    get counts() {
      return { ...counts };
    },
    report(happening) {
      const template = urls.get(happening.kind);
      if (template === undefined || closed) return;
      if (waiting.length >= MOST_WAITING) {
        counts.dropped += 1;
        onFailure(happening.kind, 'too many reports wait');
        return;
      }
      // Put together now, because the values are those of this moment.
      const request = requestText(template, valuesOf(happening));
      waiting.push({ event: happening.kind, template, request });
      if (cancel === undefined) next();
    },
    close() {
      if (closed) return;
      closed = true;
      counts.dropped += waiting.splice(0).length + (cancel === undefined ? 0 : 1);
      cancel?.();
    },
  };
}
