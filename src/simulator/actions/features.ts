import { detach, loseCall, report } from '../calls.ts';
import { LOUDEST, newHandset, otherEnd, type Turn } from '../state.ts';
import { reject } from './talking.ts';

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
  Object.assign(phone, newHandset(phone.extension, phone.model));
  happen(phone, 'setupCompleted');
  happen(phone, 'registered');
}
