import {
  dial,
  dropEntry,
  enterDigits,
  openFor,
  openLine,
  redial,
  returnCall,
  startForward,
  switchAudio,
} from './actions/dialling.ts';
import { changeVolume, reboot, setDnd } from './actions/features.ts';
import { pressLine } from './actions/lines.ts';
import { chooseRow, closeScreen, moveRow, openScreen, typeDigits } from './actions/screens.ts';
import {
  answer,
  cancelCall,
  endOrReject,
  hangUp,
  hold,
  join,
  reject,
  resume,
  sendTones,
  split,
  startConference,
  swap,
  toggleMute,
} from './actions/talking.ts';
import {
  blindTransfer,
  completeTransfer,
  leaveTransfer,
  startTransfer,
  transferDigits,
} from './actions/transfer.ts';
import type { PressName } from './press.ts';
import type { CallState, Turn } from './state.ts';

/** The effect of a key. An action that makes nothing happen means that the key has no use in this state. */
export type Action = (turn: Turn) => void;
type Row = Readonly<Partial<Record<PressName, Action>>>;

/** Keys with the same effect in every state. */
export const EVERYWHERE: Row = {
  VOLUME_UP: changeVolume,
  VOLUME_DOWN: changeVolume,
  DND: setDnd,
  DND_ON: setDnd,
  DND_OFF: setDnd,
  REBOOT: reboot,
};

/**
 * The effect of each key in each state. A key that is in no row is ignored: phones silently ignore keys that have no
 * use in their state. The flows are the document's illustrations; the rest is not documented and our choice.
 */
export const TABLE: Readonly<Record<CallState, Row>> = {
  idle: {
    DIGITS: typeDigits,
    SPEAKER: openLine,
    HEADSET: openLine,
    LINEKEY: pressLine,
    NEWCALL: openLine,
    INTERCOM: openFor('intercom'),
    DIRECT_PICKUP: openFor('pickup'),
    REDIAL: redial,
    CALL_RETURN: returnCall,
    MENU: openScreen,
    STATUS: openScreen,
    DIRECTORY: openScreen,
    PHONEBOOK: openScreen,
    REMOTEPHONEBOOK: openScreen,
    LDAP: openScreen,
    HISTORY: openScreen,
    MESSAGE: openScreen,
    STATIC_FORWARD: openScreen,
    UP: moveRow,
    DOWN: moveRow,
    OK: chooseRow,
    CANCEL: closeScreen,
    RELEASE: closeScreen,
  },
  dialling: {
    DIGITS: enterDigits,
    DIAL: dial,
    OK: dial,
    SPEAKER: openLine,
    HEADSET: openLine,
    LINEKEY: pressLine,
    INTERCOM: openFor('intercom'),
    DIRECT_PICKUP: openFor('pickup'),
    UN_DIAL: dropEntry,
    CANCEL: dropEntry,
    RELEASE: dropEntry,
    ENDCALL: dropEntry,
    // A call that is being forwarded is still ringing.
    ANSWER: answer,
    REJECT: reject,
  },
  calling: { ENDCALL: cancelCall, CANCEL: cancelCall, SPEAKER: switchAudio, HEADSET: switchAudio },
  ringing: {
    ANSWER: answer,
    LINEKEY: pressLine,
    SPEAKER: answer,
    HEADSET: answer,
    OK: answer,
    REJECT: reject,
    CANCEL: reject,
    ENDCALL: endOrReject,
    FORWARD: startForward,
    DYNAMIC_FORWARD: startForward,
  },
  talking: {
    DIGITS: sendTones,
    HOLD: hold,
    FLASH_CALL: swap,
    LINEKEY: pressLine,
    NEWCALL: openLine,
    INTERCOM: openFor('intercom'),
    DIRECT_PICKUP: openFor('pickup'),
    TRANSFER: startTransfer,
    CONFERENCE: startConference,
    JOIN: join,
    MUTE: toggleMute,
    SPEAKER: switchAudio,
    HEADSET: switchAudio,
    ENDCALL: hangUp,
    CANCEL: hangUp,
  },
  held: {
    RESUME: resume,
    DIGITS: enterDigits,
    SPEAKER: switchAudio,
    HEADSET: switchAudio,
    LINEKEY: pressLine,
    NEWCALL: openLine,
    INTERCOM: openFor('intercom'),
    DIRECT_PICKUP: openFor('pickup'),
    REDIAL: redial,
    CALL_RETURN: returnCall,
    FLASH_CALL: swap,
    TRANSFER: startTransfer,
    CONFERENCE: startConference,
    JOIN: join,
    MUTE: toggleMute,
    ENDCALL: hangUp,
    CANCEL: hangUp,
  },
  transfer: {
    DIGITS: transferDigits,
    DIAL: dial,
    OK: dial,
    TRANSFER: completeTransfer,
    BLIND: blindTransfer,
    MUTE: toggleMute,
    SPEAKER: switchAudio,
    HEADSET: switchAudio,
    UN_DIAL: dropEntry,
    CANCEL: leaveTransfer,
    RELEASE: leaveTransfer,
    ENDCALL: leaveTransfer,
  },
  conference: {
    DIGITS: sendTones,
    HOLD: hold,
    SPLIT: split,
    MUTE: toggleMute,
    SPEAKER: switchAudio,
    HEADSET: switchAudio,
    ENDCALL: hangUp,
    CANCEL: hangUp,
  },
};

/** A label on the last line of the display, and the key that its soft key presses. */
export type SoftKey = readonly [label: string, key: PressName];

/** The soft keys from left to right; an illustration shows that the first is Answer while ringing. */
export const SOFT_KEYS: Readonly<Record<CallState | 'screen', readonly SoftKey[]>> = {
  idle: [
    ['History', 'HISTORY'],
    ['Dir', 'DIRECTORY'],
    ['DND', 'DND'],
    ['Menu', 'MENU'],
  ],
  screen: [['Back', 'CANCEL']],
  dialling: [
    ['Send', 'DIAL'],
    ['Cancel', 'CANCEL'],
  ],
  calling: [['Cancel', 'ENDCALL']],
  ringing: [
    ['Answer', 'ANSWER'],
    ['Reject', 'REJECT'],
    ['Forward', 'FORWARD'],
  ],
  talking: [
    ['Hold', 'HOLD'],
    ['Transfer', 'TRANSFER'],
    ['Conf', 'CONFERENCE'],
    ['End', 'ENDCALL'],
  ],
  held: [
    ['Resume', 'RESUME'],
    ['New', 'NEWCALL'],
    ['Transfer', 'TRANSFER'],
    ['End', 'ENDCALL'],
  ],
  transfer: [
    ['Send', 'DIAL'],
    ['Blind', 'BLIND'],
    ['Done', 'TRANSFER'],
    ['Back', 'CANCEL'],
  ],
  conference: [
    ['Hold', 'HOLD'],
    ['Split', 'SPLIT'],
    ['End', 'ENDCALL'],
  ],
};
