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
  /** Settles when all that was taken is passed on, or given up. */
  drain(): Promise<void>;
  /** Gives up what is not passed on yet. */
  stop(): void;
  /** A summary of failures for the end of the run; undefined when there were none. */
  complaint(): string | undefined;
}

/** Tells a person what went wrong; what has the same key is told once within a time. */
export type Complain = (key: string, text: string) => void;

/** Concurrency and queue length. */
const QUEUE = { jobs: 4, most: 1000 } as const;

/** Passes one event on; rejects with what went wrong, and when the signal says that its time is over. */
export type Deliver = (taken: Taken, ended: AbortSignal) => Promise<void>;

/**
 * A sink that passes events on one by one, a few side by side.
 *
 * @param within - milliseconds for each of them, from its begin to its end
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
      complain(`${name} dropped`, `${about(taken)}: dropped, because ${QUEUE.most} events wait already`),
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
