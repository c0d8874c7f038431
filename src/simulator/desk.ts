import type { EventName } from '../protocol/events.ts';
import type { ActionUrls } from './action-urls.ts';
import { type Admission, type AllowList, newGate } from './approval.ts';
import type { Happening, Observation } from './happenings.ts';
import { renderLcd } from './lcd.ts';
import { newPressLog } from './log.ts';
import { undergo } from './outside.ts';
import { newReporter } from './reporter.ts';
import { type PhoneSnapshot, snapshotOf } from './snapshot.ts';
import type { Handset } from './state.ts';
import type { Switchboard } from './switchboard.ts';
import { type Identity, valuesOf } from './values.ts';

/** A phone on its desk: keys arrive from the network, a person looks at it and answers its prompt. */
export interface Desk {
  readonly phone: Handset;
  /** The page 'Phone – Action URL'. */
  readonly urls: ActionUrls;
  /** The phone has started; told to nobody but its Action URLs. */
  start(): void;
  /** Whether an address may control the phone now; may make the prompt show. */
  admit(address: string): Admission;
  press(keys: readonly string[]): void;
  /** Something happens to the phone without a key. */
  undergo(event: EventName): void;
  /** False when no prompt shows. */
  answerPrompt(press: 'save' | 'cancel'): boolean;
  /** Sends what happened on this phone to its Action URLs; returns at once. */
  report(happening: Happening): void;
  lcd(): readonly string[];
  snapshot(): PhoneSnapshot;
  /** Ends its reports. */
  close(): void;
}

export interface DeskOptions {
  readonly phone: Handset;
  readonly urls: ActionUrls;
  readonly identity: Identity;
  readonly allow: AllowList;
  readonly approved: boolean;
  /** Called with whatever happens, on this phone or another. */
  readonly happened: (happening: Happening) => void;
  /** Called after each key: calls may have begun to ring, or ceased to. */
  readonly pressed: () => void;
}

/** Puts together a phone of the switchboard, its gate, its log and its reports. */
export function newDesk(switchboard: Switchboard, options: DeskOptions): Desk {
  const { phone, urls, identity, happened, pressed } = options;
  const gate = newGate(options.allow, options.approved);
  const log = newPressLog();
  const tell = (kind: Observation, detail: string) => happened({ phone: phone.extension, kind, detail });
  const reporter = newReporter({
    urls,
    valuesOf: (happening) => valuesOf(happening, phone, identity, switchboard.phones),
    onFailure: (event, reason) => tell('reportFailed', `${event} ${reason}`),
  });

  const pressOne = (key: string) => {
    const { state, keys, happenings } = switchboard.press(phone, key);
    const ignored = happenings.some(({ kind }) => kind === 'ignored');
    const did = happenings.map((happening) => sentence(happening, phone));
    log.add({ time: new Date().toISOString(), key, state, ignored, did }, keys);
    pressed();
    for (const happening of happenings) happened(happening);
  };

  return {
    phone,
    urls,
    start() {
      reporter.report({ phone: phone.extension, kind: 'setupCompleted' });
      reporter.report({ phone: phone.extension, kind: 'registered' });
    },
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
    undergo(event) {
      happened(undergo(phone, event));
    },
    answerPrompt(press) {
      const address = gate.answer(press);
      if (address === undefined) return false;
      tell(press === 'save' ? 'remoteControlAllowed' : 'remoteControlDismissed', address);
      return true;
    },
    report: reporter.report,
    lcd: () => renderLcd(phone, gate.asking),
    snapshot: () => snapshotOf(phone, { asking: gate.asking, log, reports: reporter.counts }),
    close: reporter.close,
  };
}

/** `outgoingCall 6002`; what happened on another phone begins with its extension. */
function sentence({ phone, kind, remote, detail }: Happening, here: Handset): string {
  return [phone === here.extension ? '' : phone, kind, remote ?? '', detail ?? '']
    .filter((word) => word !== '')
    .join(' ');
}
