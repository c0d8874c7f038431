import { type Admission, type AllowList, newGate } from './approval.ts';
import type { Exchange } from './exchange.ts';
import type { Happening, Observation } from './happenings.ts';
import { renderLcd } from './lcd.ts';
import { newPressLog } from './log.ts';
import { type PhoneSnapshot, snapshotOf } from './snapshot.ts';
import type { Phone } from './state.ts';

/** A phone on its desk: keys arrive from the network, a person looks at it and answers its prompt. */
export interface Desk {
  readonly phone: Phone;
  /** Whether an address may control the phone now; may make the prompt show. */
  admit(address: string): Admission;
  press(keys: readonly string[]): void;
  /** False when no prompt shows. */
  answerPrompt(press: 'save' | 'cancel'): boolean;
  lcd(): readonly string[];
  snapshot(): PhoneSnapshot;
}

export interface DeskOptions {
  readonly allow: AllowList;
  readonly approved: boolean;
  readonly now: () => Date;
  readonly onHappening: (happening: Happening) => void;
}

/** Puts together a phone of the exchange, its gate, and its log. */
export function newDesk(exchange: Exchange, phone: Phone, options: DeskOptions): Desk {
  const gate = newGate(options.allow, options.approved);
  const log = newPressLog();
  const tell = (kind: Observation, detail: string) =>
    options.onHappening({ phone: phone.extension, kind, detail });

  const pressOne = (key: string) => {
    const { state, keys, happenings } = exchange.press(phone, key);
    const ignored = happenings.some(({ kind }) => kind === 'ignored');
    const did = happenings.map((happening) => sentence(happening, phone));
    log.add({ time: options.now().toISOString(), key, state, ignored, did }, keys);
    for (const happening of happenings) options.onHappening(happening);
  };

  return {
    phone,
    admit(address) {
      const asked = gate.asking;
      const admission = gate.admit(address);
      if (admission === 'not-listed') tell('remoteControlRefused', address);
      else if (gate.asking !== undefined && asked === undefined) tell('remoteControlAsked', gate.asking);
      return admission;
    },
    press(keys) {
      for (const key of keys) pressOne(key);
    },
    answerPrompt(press) {
      const address = gate.answer(press);
      if (address === undefined) return false;
      tell(press === 'save' ? 'remoteControlAllowed' : 'remoteControlDismissed', address);
      return true;
    },
    lcd: () => renderLcd(phone, gate.asking),
    snapshot: () => snapshotOf(phone, gate.asking, log),
  };
}

/** `outgoingCall 6002`; what happened on another phone begins with its extension. */
function sentence({ phone, kind, remote, detail }: Happening, here: Phone): string {
  return [phone === here.extension ? '' : phone, kind, remote ?? '', detail ?? '']
    .filter((word) => word !== '')
    .join(' ');
}
