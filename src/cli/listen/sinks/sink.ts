import { onAbort } from '../../../abort.ts';
import { formatDuration } from '../../../protocol/duration.ts';
import { type PhoneState, type ReportedEvent, WorkQueue } from '../../../receiver/index.ts';

/** What sinks get: an event, the phone's state after it, and the JSON document of one of the two. */
export interface Taken {
  readonly event: ReportedEvent;
  readonly state: PhoneState;
  readonly json: string;
}

/** A destination for events: stdout, a file, a command, a webhook. */
export interface Sink {
  /** Queues an event and returns immediately. */
  take(taken: Taken): void;
  /** Settles when every event was delivered or dropped. */
  drain(): Promise<void>;
  /** Drops what is not delivered yet. */
  stop(): void;
  /** A summary of failures for the end of the run; undefined when there were none. */
  complaint(): string | undefined;
}

/** Reports a problem; repetitions with the same key are limited. */
export type Complain = (key: string, text: string) => void;

/** Concurrency and queue length. */
const QUEUE = { jobs: 4, most: 1000 } as const;

/** Delivers one event; rejects on failure, and when the signal says that its time is over. */
export type Deliver = (taken: Taken, ended: AbortSignal) => Promise<void>;

/**
 * A sink that delivers events one by one, with a few in parallel.
 *
 * @param within - the timeout of each delivery in milliseconds
 */
export function queueSink(name: string, within: number, complain: Complain, deliver: Deliver): Sink {
  const about = ({ event }: Taken) => `${name} for ${event.event} of ${event.phone}`;
  const queue = new WorkQueue<Taken>({
    ...QUEUE,
    work: async (taken, stopped) => {
      const end = new AbortController();
      const late = () => end.abort(new Error(`not done within ${formatDuration(within)}`));
      const timer = setTimeout(late, within);
      const forget = onAbort(stopped, () => end.abort(new Error('atcom ended')));
      try {
        await deliver(taken, end.signal);
      } finally {
        clearTimeout(timer);
        forget();
      }
    },
    onError: (error, taken) => complain(`${name} ${error.message}`, `${about(taken)}: ${error.message}`),
    onDrop: (taken) =>
      complain(
        `${name} dropped`,
        `${about(taken)}: dropped, because ${QUEUE.most} events are queued already`,
      ),
  });
  return {
    take: (taken) => queue.add(taken),
    drain: () => queue.drain(),
    stop: () => queue.stop(),
    complaint: () => {
      const { failed, dropped } = queue.counts;
      const parts = [
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(dropped > 0 ? [`${dropped} dropped`] : []),
      ];
      return parts.length === 0 ? undefined : `${name}: ${parts.join(', ')}`;
    },
  };
}
