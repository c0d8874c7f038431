import type { EventName } from './events.ts';

/** One event, as a phone reported it. */
export interface ReportedEvent {
  /** When it arrived, in ISO 8601. */
  readonly time: string;
  readonly event: EventName;
  /** The phone's name, or its address if it has no known name. */
  readonly phone: string;
  /** The address it came from. */
  readonly source: string;
  readonly path: string;
  /** The values that the phone put into the URL. */
  readonly values: Readonly<Record<string, string>>;
}
