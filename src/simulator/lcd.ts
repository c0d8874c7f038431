import {
  type Call,
  type CallState,
  FORWARD_TITLE,
  FORWARDS,
  type Handset,
  incomingCall,
  MENU_TITLE,
  otherEnd,
  type Purpose,
  type Screen,
  stateOf,
} from './state.ts';
import { softKeysOf } from './switchboard.ts';

/** The words of the document's prompt. */
export const PROMPT = 'Allow Remote Control?';

const COLUMNS = 32;

const ENTRY_LABELS: Readonly<Record<Purpose, string>> = {
  call: 'Dial:',
  forward: 'Forward to:',
  transfer: 'Transfer to:',
  conference: 'Conference with:',
};

/** The line that says what the phone does. */
const STATUS: Readonly<Record<CallState, (phone: Handset) => string>> = {
  idle: ({ screen }) => screen?.title ?? 'Idle',
  dialling: entryLine,
  calling: (phone) => `Calling ${remotes(phone, 1)}`,
  ringing: (phone) => `Incoming call ${remotes(phone, 1)}`,
  talking: (phone) => `Talking ${remotes(phone, 1)}`,
  held: (phone) => `On hold ${remotes(phone, phone.conference ? 2 : 1)}`,
  transfer: (phone) =>
    phone.entry !== undefined
      ? entryLine(phone)
      : `Transfer ${phone.calls
          .map((call) => otherEnd(call, phone).extension)
          .reverse()
          .join(' to ')}`,
  conference: (phone) => `Conference ${remotes(phone, 2)}`,
};

/** What the display shows, the same five lines for the same state; their layout is our choice. */
export function renderLcd(phone: Handset, asking?: string): readonly string[] {
  const [status, detail, softKeys] =
    asking === undefined
      ? [STATUS[stateOf(phone)](phone), detailLine(phone), softKeysOf(phone).map(([label]) => label)]
      : [PROMPT, asking, ['Save', 'Cancel']];
  const lines = [
    [phone.extension, phone.model, phone.dnd ? 'DND' : '', phone.muted ? 'MUTE' : '']
      .filter(Boolean)
      .join(' '),
    status,
    detail,
    `Line ${phone.line} ${phone.audio} vol ${phone.volume}`,
    softKeys.map((label) => `[${label}]`).join(' '),
  ];
  return lines.map((line) => line.slice(0, COLUMNS));
}

function entryLine({ entry }: Handset): string {
  return entry === undefined ? '' : `${ENTRY_LABELS[entry.purpose]} ${entry.digits}`.trimEnd();
}

function detailLine(phone: Handset): string {
  if (phone.notice !== '') return phone.notice;
  if (phone.screen !== undefined) return rowLine(phone, phone.screen);
  const tones = phone.dtmf === '' ? '' : `DTMF ${phone.dtmf}`;
  return [otherLine(phone), tones].filter(Boolean).join(' ');
}

/** The second call: held, or on while another rings. In a conference the line above names both. */
function otherLine(phone: Handset): string {
  const [, other] = phone.calls;
  if (other === undefined) return '';
  const remote = otherEnd(other, phone).extension;
  if (other.heldBy.has(phone)) return `Held ${remote}`;
  if (incomingCall(phone) === undefined) return '';
  return `${other.answered ? 'Talking' : 'Calling'} ${remote}`;
}

/** The row in focus: its number, or what it switches. */
function rowLine({ forwards, forwardTo, callWaiting }: Handset, { title, row }: Screen): string {
  if (title === MENU_TITLE && row === 1) return `> 1 call waiting ${callWaiting ? 'on' : 'off'}`;
  const forward = title === FORWARD_TITLE ? FORWARDS[row - 1]?.forward : undefined;
  if (forward === undefined) return `> ${row}`;
  const words = [`> ${row}`, forward, forwards.includes(forward) ? 'on' : 'off', forwardTo[forward] ?? ''];
  return words.filter(Boolean).join(' ');
}

function remotes(phone: Handset, count: number): string {
  return phone.calls
    .slice(0, count)
    .map((call: Call) => otherEnd(call, phone).extension)
    .join(' ');
}
