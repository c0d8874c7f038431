import type { EventName } from '../../protocol/events.ts';

/** Something visible on a phone that no event in the document reports. */
export type Observation =
  | 'ignored'
  | 'lineOpened'
  | 'handset'
  | 'digits'
  | 'cleared'
  | 'dtmf'
  | 'toneHeard'
  | 'swapped'
  | 'joined'
  | 'split'
  | 'volume'
  | 'screen'
  | 'remoteControlAsked'
  | 'remoteControlRefused'
  | 'remoteControlAllowed'
  | 'remoteControlDismissed'
  | 'reportFailed';

/** Something that happened on one phone: a plain value, for a log or an Action URL. */
export interface Happening {
  /** The extension it happened on, which is the local party. */
  readonly phone: string;
  readonly kind: EventName | Observation;
  readonly call?: string;
  /** The extension of the other party, or the dialled number. */
  readonly remote?: string;
  /** The called number; on the ringing phone, its own. */
  readonly called?: string;
  /** The digits, the volume, the screen, the address, or why a key was ignored or a report failed. */
  readonly detail?: string;
}

/** The optional details of a happening. */
export type HappeningFacts = Pick<Happening, 'call' | 'remote' | 'called' | 'detail'>;
