import type { EventName } from '../../protocol/events.ts';

/** What shows on a phone and no event of the document reports. */
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

/** One thing that happened on one phone: a plain value, for a log or an Action URL. */
export interface Happening {
  /** The extension it happened on: the local side. */
  readonly phone: string;
  readonly kind: EventName | Observation;
  readonly call?: string;
  /** The extension at the other end, or the number dialled. */
  readonly remote?: string;
  /** The number that the call is for: on the phone that rings, its own. */
  readonly called?: string;
  /** The digits, the volume, the screen, the address, or why a key was ignored or a report failed. */
  readonly detail?: string;
}

/** What a happening may say beyond where and what. */
export type HappeningFacts = Pick<Happening, 'call' | 'remote' | 'called' | 'detail'>;
