import type { PressName } from '../press.ts';
import { FORWARD_TITLE, FORWARDS, type Handset, MENU_TITLE, type Screen, type Turn } from '../state.ts';
import { enterDigits, moreDigits } from './dialling.ts';

/** The lists and menus that the document's keys open. */
const TITLES: Readonly<Partial<Record<PressName, string>>> = {
  MENU: MENU_TITLE,
  STATUS: 'Status',
  DIRECTORY: 'Directory',
  PHONEBOOK: 'Contacts',
  REMOTEPHONEBOOK: 'Remote phone book',
  LDAP: 'LDAP',
  HISTORY: 'Call history',
  MESSAGE: 'Voice mail',
  STATIC_FORWARD: FORWARD_TITLE,
};

/** Rows of the other lists; the display shows one at a time. Not documented; our choice. */
const LAST_ROW = 9;

export function openScreen({ handset, press, happen }: Turn): void {
  const title = TITLES[press.name];
  if (title === undefined) return;
  handset.screen = { title, row: 1, typed: false };
  happen('screen', { detail: title });
}

/** UP or DOWN in an open list. */
export function moveRow({ handset, press, happen }: Turn): void {
  if (handset.screen === undefined) return;
  const { title, row: before } = handset.screen;
  const row = Math.min(lastRow(title), Math.max(1, before + (press.name === 'UP' ? -1 : 1)));
  if (row === before) return;
  handset.screen = { title, row, typed: false };
  happen('screen', { detail: `${title} ${row}` });
}

function lastRow(title: Screen['title']): number {
  return title === FORWARD_TITLE ? FORWARDS.length : LAST_ROW;
}

/** OK on a row that can be toggled. */
export function chooseRow(turn: Turn): void {
  const { handset } = turn;
  const { screen } = handset;
  if (screen === undefined) return;
  handset.screen = { ...screen, typed: false };
  if (screen.title === MENU_TITLE && screen.row === 1) switchCallWaiting(turn);
  switchForward(turn, forwardOf(handset));
}

function switchCallWaiting({ handset, happen }: Turn): void {
  handset.callWaiting = !handset.callWaiting;
  happen(handset.callWaiting ? 'openCallWaiting' : 'closeCallWaiting');
}

/** Without a number it is reported all the same, but calls ring as before. Not documented; our choice. */
function switchForward({ handset, happen }: Turn, row: ForwardRow | undefined): void {
  if (row === undefined) return;
  const on = !handset.forwards.includes(row.forward);
  handset.forwards = FORWARDS.map(({ forward }) => forward).filter((forward) =>
    forward === row.forward ? on : handset.forwards.includes(forward),
  );
  happen(on ? row.on : row.off);
}

type ForwardRow = (typeof FORWARDS)[number];

/** The focused row of "Call forward", which STATIC_FORWARD opens. The menu's layout is not documented; our choice. */
function forwardOf({ screen }: Handset): ForwardRow | undefined {
  return screen?.title === FORWARD_TITLE ? FORWARDS[screen.row - 1] : undefined;
}

/**
 * Digits in "Call forward" are the number of the focused row; elsewhere they start a call. Not documented; our choice.
 */
export function typeDigits(turn: Turn): void {
  const { handset, press, happen } = turn;
  const { screen } = handset;
  const row = forwardOf(handset);
  if (screen === undefined || row === undefined) {
    enterDigits(turn);
    return;
  }
  // The old number is replaced, not appended to, because the menu has no key to delete it.
  const number = moreDigits(screen.typed ? (handset.forwardTo[row.forward] ?? '') : '', press);
  handset.screen = { ...screen, typed: true };
  handset.forwardTo = { ...handset.forwardTo, [row.forward]: number };
  happen('digits', { detail: number });
}

/** Returns to the main screen. */
export function closeScreen({ handset, happen }: Turn): void {
  if (handset.screen === undefined) return;
  handset.screen = undefined;
  happen('screen', { detail: 'Main' });
}
