import { detach, report } from '../calls.ts';
import { LOUDEST, newHandset, type Turn } from '../state.ts';
import { reject } from './talking.ts';

export function changeVolume({ handset, press, happen }: Turn): void {
  const volume = handset.volume + (press.name === 'VOLUME_UP' ? 1 : -1);
  if (volume < 0 || volume > LOUDEST) return;
  handset.volume = volume;
  happen('volume', { detail: String(volume) });
}

/** DND toggles; DND_ON and DND_OFF set it. A ringing call is rejected; not documented, our choice. */
export function setDnd(turn: Turn): void {
  const { handset, press, happen } = turn;
  const on = press.name === 'DND' ? !handset.dnd : press.name === 'DND_ON';
  if (on === handset.dnd) return;
  handset.dnd = on;
  happen(on ? 'openDND' : 'closeDND');
  if (on) reject(turn);
}

/**
 * Everything except the extension is lost, and whoever was on a call with this phone is disconnected. It takes no time.
 * That the phone unregisters before it restarts is not documented; our choice.
 */
export function reboot(turn: Turn): void {
  const { handset, line, asked } = turn;
  for (const call of handset.calls) {
    for (const one of [call, ...(call.instead === undefined ? [] : [call.instead])]) {
      if (one.established) report(turn, 'terminated', one);
      if (one.incoming && !one.answered) one.leg.refuse('busy');
      else one.leg.end();
    }
    detach(handset, call);
  }
  Object.assign(handset, newHandset(handset.extension, handset.model), { restarting: true });
  asked();
  line.restart();
}
