/** A key with its own place on the phone. */
export interface FaceKeyDefinition {
  /** The token that is sent. */
  readonly key: string;
  readonly label: string;
  /** The name for a screen reader, if the label is not enough. */
  readonly spoken?: string;
  /** The letters below a digit. */
  readonly letters?: string;
  /** Other tokens for the same key. */
  readonly also?: string;
  /** The computer keys that press it, by `KeyboardEvent.key`. */
  readonly typed?: readonly string[];
}

/** Groups of keys, in order. */
export const KEYPAD: readonly FaceKeyDefinition[] = [
  { key: '1', label: '1', letters: ' ', typed: ['1'] },
  { key: '2', label: '2', letters: 'ABC', typed: ['2'] },
  { key: '3', label: '3', letters: 'DEF', typed: ['3'] },
  { key: '4', label: '4', letters: 'GHI', typed: ['4'] },
  { key: '5', label: '5', letters: 'JKL', typed: ['5'] },
  { key: '6', label: '6', letters: 'MNO', typed: ['6'] },
  { key: '7', label: '7', letters: 'PQRS', typed: ['7'] },
  { key: '8', label: '8', letters: 'TUV', typed: ['8'] },
  { key: '9', label: '9', letters: 'WXYZ', typed: ['9'] },
  { key: '*', label: '*', spoken: 'Star', letters: ' ', typed: ['*'] },
  { key: '0', label: '0', letters: '+', typed: ['0'] },
  { key: 'POUND', label: '#', spoken: 'Pound', letters: ' ', typed: ['#'] },
];

export const CALL_KEYS: readonly FaceKeyDefinition[] = [
  { key: 'MESSAGE', label: 'Message' },
  { key: 'HOLD', label: 'Hold' },
  { key: 'TRANSFER', label: 'Transfer' },
  { key: 'CONFERENCE', label: 'Conf' },
  { key: 'REDIAL', label: 'Redial' },
  { key: 'SEND', label: 'Send', also: 'DIAL' },
];

export const NAVIGATION: readonly FaceKeyDefinition[] = [
  { key: 'MENU', label: 'Menu' },
  { key: 'UP', label: '▲', spoken: 'Up', typed: ['ArrowUp'] },
  { key: 'CANCEL', label: '✕', spoken: 'Cancel', typed: ['Escape', 'Backspace'] },
  { key: 'LEFT', label: '◀', spoken: 'Left', typed: ['ArrowLeft'] },
  { key: 'OK', label: 'OK', typed: ['Enter'] },
  { key: 'RIGHT', label: '▶', spoken: 'Right', typed: ['ArrowRight'] },
  { key: 'DIRECTORY', label: 'Book' },
  { key: 'DOWN', label: '▼', spoken: 'Down', typed: ['ArrowDown'] },
  { key: 'HISTORY', label: 'Calls' },
];

export const AUDIO_KEYS: readonly FaceKeyDefinition[] = [
  { key: 'VOLUME_DOWN', label: '−', spoken: 'Volume down', typed: ['-'] },
  { key: 'VOLUME_UP', label: '+', spoken: 'Volume up', typed: ['+'] },
  { key: 'MUTE', label: 'Mute' },
  { key: 'HEADSET', label: 'Headset' },
  { key: 'SPEAKER', label: 'Speaker' },
];
