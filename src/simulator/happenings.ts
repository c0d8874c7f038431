/** What a phone can report of itself: names of the phone's own page for Action URLs, to the letter. */
export type PhoneEvent =
  | 'setupCompleted'
  | 'registered'
  | 'offHook'
  | 'onHook'
  | 'incomingCall'
  | 'outgoingCall'
  | 'established'
  | 'terminated'
  | 'openDND'
  | 'closeDND'
  | 'transferCall'
  | 'blindTransfer'
  | 'attendedTransfer'
  | 'hold'
  | 'unHold'
  | 'mute'
  | 'unMute'
  | 'missedCall'
  | 'idleToBusy'
  | 'busyToIdle'
  | 'rejectIncomingCall'
  | 'answerNewIncomingCall'
  | 'transferFailed'
  | 'transferFinished'
  | 'forwardIncomingCall'
  | 'headset'
  | 'handfree'
  | 'cancelCallOut'
  | 'remoteBusy'
  | 'callRemoteCanceled';

/** What shows on a phone and no event of the document reports. */
export type Observation =
  | 'ignored'
  | 'lineOpened'
  | 'digits'
  | 'cleared'
  | 'notFound'
  | 'dtmf'
  | 'swapped'
  | 'joined'
  | 'split'
  | 'volume'
  | 'screen'
  | 'remoteControlAsked'
  | 'remoteControlRefused'
  | 'remoteControlAllowed'
  | 'remoteControlDismissed';

/** One thing that happened on one phone: a plain value, for a log or an Action URL. */
export interface Happening {
  /** The extension it happened on: the local side. */
  readonly phone: string;
  readonly kind: PhoneEvent | Observation;
  readonly call?: string;
  /** The extension at the other end, or the number dialled. */
  readonly remote?: string;
  /** The digits, the volume, the screen, the address, or why a key was ignored. */
  readonly detail?: string;
}

/** What a happening may say beyond where and what. */
export type Facts = Pick<Happening, 'call' | 'remote' | 'detail'>;
