import type { EventName } from './events.ts';

/** One event, as a phone reported it. */
export interface ReportedEvent {
  /** When it arrived, ISO 8601. */
  readonly time: string;
  readonly event: EventName;
  /** The phone's name; its address where no name is known. */
  readonly phone: string;
  /** The address it came from. */
  readonly source: string;
  readonly path: string;
  /** What the phone put into the URL. */
  readonly values: Readonly<Record<string, string>>;
}
