import {
  type Call,
  type CallState,
  FORWARD_TITLE,
  FORWARDS,
  type Handset,
  incomingCall,
  lineInUse,
  MENU_TITLE,
  type Purpose,
  type Screen,
  stateOf,
} from './state.ts';
import { softKeysOf } from './station.ts';

/** The words of the document's prompt. */
export const PROMPT = 'Allow Remote Control?';

const COLUMNS = 32;

const ENTRY_LABELS: Readonly<Record<Purpose, string>> = {
  call: 'Dial:',
  forward: 'Forward to:',
  transfer: 'Transfer to:',
  conference: 'Conference with:',
  intercom: 'Intercom:',
  pickup: 'Pick up:',
};

/** The status line of the handset. */
const STATUS: Readonly<Record<CallState, (handset: Handset) => string>> = {
  idle: ({ screen, noService }) => screen?.title ?? (noService === '' ? 'Idle' : 'No service'),
  dialling: entryLine,
  calling: (handset) => `Calling ${remotes(handset, 1)}`,
  ringing: (handset) => `Incoming call ${remotes(handset, 1)}`,
  talking: (handset) => `Talking ${remotes(handset, 1)}`,
  held: (handset) => `On hold ${remotes(handset, handset.conference ? 2 : 1)}`,
  transfer: (handset) =>
    handset.entry !== undefined
      ? entryLine(handset)
      : `Transfer ${handset.calls
          .map((call) => call.leg.remote)
          .reverse()
          .join(' to ')}`,
  conference: (handset) => `Conference ${remotes(handset, 2)}`,
};

/** The five lines of the display for a state; their layout is our choice. */
export function renderLcd(handset: Handset, asking?: string): readonly string[] {
  const [status, detail, softKeys] =
    asking === undefined
      ? [STATUS[stateOf(handset)](handset), detailLine(handset), softKeysOf(handset).map(([label]) => label)]
      : [PROMPT, asking, ['Save', 'Cancel']];
  const lines = [
    [handset.extension, handset.model, handset.dnd ? 'DND' : '', handset.muted ? 'MUTE' : '']
      .filter(Boolean)
      .join(' '),
    status,
    detail,
    `Line ${lineInUse(handset)} ${handset.audio} vol ${handset.volume}`,
    softKeys.map((label) => `[${label}]`).join(' '),
  ];
  return lines.map((line) => line.slice(0, COLUMNS));
}

function entryLine({ entry }: Handset): string {
  return entry === undefined ? '' : `${ENTRY_LABELS[entry.purpose]} ${entry.digits}`.trimEnd();
}

function detailLine(handset: Handset): string {
  if (handset.notice !== '') return handset.notice;
  if (handset.screen !== undefined) return rowLine(handset, handset.screen);
  if (handset.noService !== '' && handset.calls.length === 0) return handset.noService;
  const tones = handset.dtmf === '' ? '' : `DTMF ${handset.dtmf}`;
  return [otherLine(handset), tones].filter(Boolean).join(' ');
}

/** The second call: held, or active while another rings. In a conference the line above names both. */
function otherLine(handset: Handset): string {
  const [, other] = handset.calls;
  if (other === undefined) return '';
  const remote = other.leg.remote;
  if (other.held) return `Held ${remote}`;
  if (incomingCall(handset) === undefined) return '';
  return `${other.answered ? 'Talking' : 'Calling'} ${remote}`;
}

/** The focused row: its number, or what it toggles. */
function rowLine({ forwards, forwardTo, callWaiting }: Handset, { title, row }: Screen): string {
  if (title === MENU_TITLE && row === 1) return `> 1 call waiting ${callWaiting ? 'on' : 'off'}`;
  const forward = title === FORWARD_TITLE ? FORWARDS[row - 1]?.forward : undefined;
  if (forward === undefined) return `> ${row}`;
  const words = [`> ${row}`, forward, forwards.includes(forward) ? 'on' : 'off', forwardTo[forward] ?? ''];
  return words.filter(Boolean).join(' ');
}

function remotes(handset: Handset, count: number): string {
  return handset.calls
    .slice(0, count)
    .map((call: Call) => call.leg.remote)
    .join(' ');
}
