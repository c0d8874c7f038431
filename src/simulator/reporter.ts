import type { ActionUrls } from './action-urls.ts';
import { callBack } from './callback.ts';
import type { Happening } from './handset/happenings.ts';
import { requestText, type Template, type VariableValues } from './template.ts';

/** The results of a phone's reports. */
export interface ReportCounts {
  /** The listener responded with 2xx. */
  readonly sent: number;
  /** Refused, another response, or a timeout. */
  readonly failed: number;
  /** Never sent: the queue was full, or the simulator was closed. */
  readonly dropped: number;
}

/** Reports what happens on one phone to its Action URLs. */
export interface Reporter {
  readonly counts: ReportCounts;
  /** Queues a report and returns immediately. Anything that is not an event or has no Action URL is ignored. */
  report(happening: Happening): void;
  /** Settles when all that was queued by now has been answered, or has failed. */
  settled(): Promise<void>;
  /** Drops queued reports and aborts the one in flight. */
  close(): void;
}

export interface ReporterOptions {
  readonly urls: ActionUrls;
  readonly valuesOf: (happening: Happening) => VariableValues;
  readonly onFailure: (event: string, reason: string) => void;
  /** Timeout of each report in milliseconds, 2000 by default. */
  readonly limit?: number;
}

/** Order and retries of callbacks are not documented. Our choice: in order, one at a time, without retries. */
const MOST_WAITING = 200;
const LIMIT = 2000;

interface Report {
  readonly event: string;
  readonly template: Template;
  readonly request: string;
  /** Called when it has been answered, has failed, or was dropped. */
  readonly done: () => void;
}

export function newReporter({ urls, valuesOf, onFailure, limit = LIMIT }: ReporterOptions): Reporter {
  const waiting: Report[] = [];
  const counts = { sent: 0, failed: 0, dropped: 0 };
  let cancel: (() => void) | undefined;
  let closed = false;
  let last = Promise.resolve();

  const next = () => {
    const report = waiting.shift();
    cancel = report && callBack(report.template, report.request, limit, (failure) => settle(report, failure));
  };
  const settle = ({ event, done }: Report, failure: string | undefined) => {
    if (!closed) {
      counts[failure === undefined ? 'sent' : 'failed'] += 1;
      next();
      if (failure !== undefined) onFailure(event, failure);
    }
    done();
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
      // Built now, because the values may change before it is sent.
      const request = requestText(template, valuesOf(happening));
      last = new Promise((done) => waiting.push({ event: happening.kind, template, request, done }));
      if (cancel === undefined) next();
    },
    settled: () => last,
    close() {
      if (closed) return;
      closed = true;
      const left = waiting.splice(0);
      counts.dropped += left.length + (cancel === undefined ? 0 : 1);
      cancel?.();
      for (const { done } of left) done();
    },
  };
}
