import { AtcomError } from '../errors.ts';
import type { Meaning } from './meaning.ts';
import { closest } from './suggest.ts';
import type { Variable } from './variables.ts';

/** One event of a phone ("Action URL", table of events; the page 'Phone – Action URL'). */
export interface EventDefinition {
  /** The id of its field on the phone's page, without `Url`. */
  readonly event: string;
  /** Its label on the page. */
  readonly label: string;
  /** Other names in the document's examples and captures; case-insensitive, without `Url` and `.xml`. */
  readonly also?: readonly string[];
  /** The document's words, which complete the sentence: the phone reports it when it … */
  readonly when: string;
  /** What it means for the state of the phone. */
  readonly means: Meaning;
  /** The relevant variables, besides `mac` and `ip` of the phone. */
  readonly variables?: readonly Variable[];
}

/** Values that the remote party controls come last: an `&name=` in them cannot override an earlier one. */
const CALL = ['local', 'call_id', 'remote', 'display_remote'] as const satisfies readonly Variable[];
const ACCOUNT = ['active_user', 'active_host'] as const satisfies readonly Variable[];
const SOFTWARE = ['model', 'firmware'] as const satisfies readonly Variable[];

/** Every event a phone reports, in the order of its page. */
export const EVENTS = [
  // The document's screenshot and its first example call it /setup.xml.
  {
    event: 'setupCompleted',
    label: 'Setup Completed',
    also: ['setup'],
    when: 'completes startup',
    means: 'started',
    variables: SOFTWARE,
  },
  {
    event: 'registered',
    label: 'Registered',
    when: 'registers an account',
    means: 'registered',
    variables: ACCOUNT,
  },
  {
    event: 'unregistered',
    label: 'Unregistered',
    also: ['unregister'],
    when: 'logs off an account',
    means: 'unregistered',
    variables: ACCOUNT,
  },
  {
    event: 'registerFailed',
    label: 'Register Failed',
    when: 'fails to register an account',
    means: 'unregistered',
    variables: ACCOUNT,
  },
  { event: 'offHook', label: 'Off Hook', when: 'goes off hook', means: 'offHook' },
  { event: 'onHook', label: 'On Hook', when: 'goes on hook', means: 'onHook' },
  {
    event: 'incomingCall',
    label: 'Incoming Call',
    when: 'receives an incoming call',
    means: 'rings',
    variables: CALL,
  },
  { event: 'outgoingCall', label: 'Outgoing Call', when: 'places a call', means: 'calls', variables: CALL },
  { event: 'established', label: 'Established', when: 'establishes a call', means: 'up', variables: CALL },
  { event: 'terminated', label: 'Terminated', when: 'terminates a call', means: 'ended', variables: CALL },
  { event: 'openDND', label: 'Open DND', when: 'enables do-not-disturb', means: 'dndOn' },
  { event: 'closeDND', label: 'Close DND', when: 'disables do-not-disturb', means: 'dndOff' },
  {
    event: 'openAlwaysForward',
    label: 'Open Always Forward',
    when: 'enables always-forward',
    means: 'forwardsAll',
  },
  {
    event: 'closeAlwaysForward',
    label: 'Close Always Forward',
    when: 'disables always-forward',
    means: 'forwardsNotAll',
  },
  {
    event: 'openBusyForward',
    label: 'Open Busy Forward',
    when: 'enables busy-forward',
    means: 'forwardsBusy',
  },
  {
    event: 'closeBusyForward',
    label: 'Close Busy Forward',
    when: 'disables busy-forward',
    means: 'forwardsNotBusy',
  },
  {
    event: 'openNoAnswerForward',
    label: 'Open NoAnswer Forward',
    when: 'enables no-answer-forward',
    means: 'forwardsUnanswered',
  },
  {
    event: 'closeNoAnswerForward',
    label: 'Close NoAnswer Forward',
    when: 'disables no-answer-forward',
    means: 'forwardsNotUnanswered',
  },
  {
    event: 'transferCall',
    label: 'Transfer Call',
    when: 'transfers a call',
    means: 'nothing',
    variables: CALL,
  },
  {
    event: 'blindTransfer',
    label: 'Blind Transfer',
    when: 'transfers a call blind',
    means: 'nothing',
    variables: CALL,
  },
  {
    event: 'attendedTransfer',
    label: 'Attended Transfer',
    when: 'transfers a call attended',
    means: 'nothing',
    variables: CALL,
  },
  { event: 'hold', label: 'Hold', when: 'places a call on hold', means: 'held', variables: CALL },
  { event: 'unHold', label: 'UnHold', when: 'retrieves a held call', means: 'resumed', variables: CALL },
  { event: 'mute', label: 'Mute', when: 'mutes a call', means: 'muted', variables: CALL },
  { event: 'unMute', label: 'UnMute', when: 'un-mutes a call', means: 'unmuted', variables: CALL },
  // On the phone's page, but missing in the document's table; its example misspells it.
  {
    event: 'missedCall',
    label: 'Missed Call',
    also: ['misssedCall'],
    when: 'misses a call',
    means: 'rangOut',
    variables: CALL,
  },
  { event: 'IPChanged', label: 'IP Changed', when: 'gets another address', means: 'nothing' },
  { event: 'idleToBusy', label: 'Idle To Busy', when: 'changes from idle to busy', means: 'busy' },
  { event: 'busyToIdle', label: 'Busy To Idle', when: 'changes from busy to idle', means: 'idle' },
  {
    event: 'rejectIncomingCall',
    label: 'Reject Incoming Call',
    when: 'rejects an incoming call',
    means: 'rangOut',
    variables: CALL,
  },
  {
    event: 'answerNewIncomingCall',
    label: 'Answer New Incoming Call',
    also: ['answerIncomingcall'],
    when: 'answers a new call',
    means: 'answered',
    variables: CALL,
  },
  {
    event: 'transferFailed',
    label: 'Transfer Failed',
    when: 'fails to transfer a call',
    means: 'nothing',
    variables: CALL,
  },
  {
    event: 'transferFinished',
    label: 'Transfer Finished',
    when: 'completes a transfer',
    means: 'handedOver',
    variables: CALL,
  },
  {
    event: 'forwardIncomingCall',
    label: 'Forward Incoming Call',
    when: 'forwards an incoming call',
    means: 'sentOn',
    variables: CALL,
  },
  {
    event: 'autopFinish',
    label: 'Autop Finish',
    when: 'completes auto provisioning',
    means: 'nothing',
    variables: SOFTWARE,
  },
  {
    event: 'openCallWaiting',
    label: 'Open Call Waiting',
    when: 'enables call waiting',
    means: 'callWaitingOn',
  },
  {
    event: 'closeCallWaiting',
    label: 'Close Call Waiting',
    when: 'disables call waiting',
    means: 'callWaitingOff',
  },
  { event: 'headset', label: 'Headset', when: 'has its headset key pressed', means: 'nothing' },
  { event: 'handfree', label: 'Handfree', when: 'has its speaker key pressed', means: 'nothing' },
  {
    event: 'cancelCallOut',
    label: 'Cancel Call Out',
    when: 'cancels the outgoing call',
    means: 'calledInVain',
    variables: CALL,
  },
  {
    event: 'remoteBusy',
    label: 'Remote Busy',
    when: 'has its outgoing call rejected',
    means: 'calledInVain',
    variables: CALL,
  },
  {
    event: 'callRemoteCanceled',
    label: 'Call Remote Canceled',
    when: 'has a call canceled by the other side',
    means: 'unanswered',
    variables: CALL,
  },
] as const satisfies readonly EventDefinition[];

/** The name of an event, such as `incomingCall`. */
export type EventName = (typeof EVENTS)[number]['event'];

/** The rows, typed as definitions. */
export const EVENT_DEFINITIONS: readonly (EventDefinition & { readonly event: EventName })[] = EVENTS;

const NAMES: ReadonlyMap<string, EventName> = new Map(
  EVENT_DEFINITIONS.flatMap(({ event, also = [] }) =>
    [event, ...also].map((name) => [name.toLowerCase(), event] as const),
  ),
);

/** Finds an event by any of the document's spellings, with or without `Url` and `.xml`. */
export function findEvent(name: string): EventName | undefined {
  const bare = name.toLowerCase().replace(/\.xml$/, '');
  return NAMES.get(bare) ?? NAMES.get(bare.replace(/url$/, ''));
}

/**
 * Finds an event by the name that a user typed.
 *
 * @throws {AtcomError} `unknown-event`, with suggestions
 * @example
 * ```ts
 * import { parseEvent } from 'atcom';
 * parseEvent('incomingcall'); // 'incomingCall'
 * ```
 */
export function parseEvent(text: string): EventName {
  const event = findEvent(text.trim());
  if (event !== undefined) return event;
  const names = EVENT_DEFINITIONS.map((row) => row.event);
  throw new AtcomError('unknown-event', { input: text, suggestions: closest(text, names) });
}
