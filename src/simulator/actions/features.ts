import { detach, loseCall, report } from '../calls.ts';
import type { PressName } from '../press.ts';
import { FORWARD_TITLE, FORWARDS, LOUDEST, newPhone, otherEnd, type Screen, type Turn } from '../state.ts';
import { reject } from './talking.ts';

/** The lists and menus that keys of the document enter. */
const TITLES: Readonly<Partial<Record<PressName, string>>> = {
  MENU: 'Menu',
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

export function openScreen({ phone, press, happen }: Turn): void {
  const title = TITLES[press.name];
  if (title === undefined) return;
  phone.screen = { title, row: 1 };
  happen(phone, 'screen', { detail: title });
}

/** UP or DOWN in an open list. */
export function moveRow({ phone, press, happen }: Turn): void {
  if (phone.screen === undefined) return;
  const { title, row: before } = phone.screen;
  const row = Math.min(lastRow(title), Math.max(1, before + (press.name === 'UP' ? -1 : 1)));
  if (row === before) return;
  phone.screen = { title, row };
  happen(phone, 'screen', { detail: `${title} ${row}` });
}

function lastRow(title: Screen['title']): number {
  return title === FORWARD_TITLE ? FORWARDS.length : LAST_ROW;
}

/**
 * OK on a row of "Call forward", which STATIC_FORWARD opens, switches it over. Where to is not asked: calls ring as
 * before, the virtual phone only reports. How the menu looks is not documented; our choice.
 */
export function chooseRow({ phone, happen }: Turn): void {
  const row = phone.screen?.title === FORWARD_TITLE ? FORWARDS[phone.screen.row - 1] : undefined;
  if (row === undefined) return;
  const on = !phone.forwards.includes(row.forward);
  phone.forwards = FORWARDS.map(({ forward }) => forward).filter((forward) =>
    forward === row.forward ? on : phone.forwards.includes(forward),
  );
  happen(phone, on ? row.on : row.off);
}

/** Back to the main screen. */
export function closeScreen({ phone, happen }: Turn): void {
  if (phone.screen === undefined) return;
  phone.screen = undefined;
  happen(phone, 'screen', { detail: 'Main' });
}

export function changeVolume({ phone, press, happen }: Turn): void {
  const volume = phone.volume + (press.name === 'VOLUME_UP' ? 1 : -1);
  if (volume < 0 || volume > LOUDEST) return;
  phone.volume = volume;
  happen(phone, 'volume', { detail: String(volume) });
}

/** DND switches over; DND_ON and DND_OFF say which. A call that rings is rejected; not documented, our choice. */
export function setDnd(turn: Turn): void {
  const { phone, press, happen } = turn;
  const on = press.name === 'DND' ? !phone.dnd : press.name === 'DND_ON';
  if (on === phone.dnd) return;
  phone.dnd = on;
  happen(phone, on ? 'openDND' : 'closeDND');
  if (on) reject(turn);
}

/**
 * Everything but the extension is gone, and whoever was on a call with this phone loses it. Takes no time. That the
 * phone logs off before it starts again is not documented; our choice.
 */
export function reboot(turn: Turn): void {
  const { phone, happen } = turn;
  for (const call of phone.calls) {
    if (call.answered) report(turn, phone, 'terminated', call);
    detach(phone, call);
    loseCall(turn, call, otherEnd(call, phone));
  }
  happen(phone, 'unregistered');
  Object.assign(phone, newPhone(phone.extension, phone.model));
  happen(phone, 'setupCompleted');
  happen(phone, 'registered');
}
