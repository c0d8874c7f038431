import type { FaceState } from '../pages/face/data.ts';
import type { EventName } from '../protocol/events.ts';
import type { ActionUrls } from './action-urls.ts';
import { type Admission, type AllowList, newGate } from './approval.ts';
import { type Feed, newFeed } from './face/feed.ts';
import { faceStateOf, softKeyFor } from './face/state.ts';
import type { Happening, Observation } from './handset/happenings.ts';
import { renderLcd } from './handset/lcd.ts';
import { undergo } from './handset/outside.ts';
import { type Pressed, type Station, softKeysOf } from './handset/station.ts';
import { newPressLog } from './log.ts';
import { newReporter } from './reporter.ts';
import { type PhoneSnapshot, snapshotOf } from './snapshot.ts';
import { type Identity, valuesOf } from './values.ts';

/** A phone on its desk: keys arrive from the network, and a person reads the display and answers the prompt. */
export interface Desk {
  readonly station: Station;
  /** The page 'Phone – Action URL'. */
  readonly urls: ActionUrls;
  /** Starts the phone; only its Action URLs report it. */
  start(): void;
  /** Whether an address may control the phone now; may show the prompt. */
  admit(address: string): Admission;
  press(keys: readonly string[]): void;
  /** Lifts the handset, or puts it down. */
  hook(to: 'off' | 'on'): void;
  /** The list on the page 'Phone – Remote Control'; changes take effect at once. */
  allowList: AllowList;
  /** What can be seen of the phone. */
  readonly feed: Feed;
  face(): FaceState;
  /** Makes something happen to the phone without a key. */
  undergo(event: EventName): void;
  /** False if no prompt is shown. */
  answerPrompt(press: 'save' | 'cancel'): boolean;
  /** Records what happened on this phone and reports it to its Action URLs. Returns immediately. */
  report(happening: Happening): void;
  lcd(): readonly string[];
  snapshot(): PhoneSnapshot;
  /** Settles when all that has happened by now was reported, or could not be. */
  settled(): Promise<void>;
  /** Stops its reports. */
  close(): void;
}

export interface DeskOptions {
  readonly station: Station;
  readonly urls: ActionUrls;
  readonly identity: Identity;
  readonly allow: AllowList;
  readonly approved: boolean;
  /** Called for everything except the effects of keys, which the station reports. */
  readonly happened: (happening: Happening) => void;
}

/** Connects a handset with its line, gate, log and reports. */
export function newDesk({ station, urls, identity, happened, ...options }: DeskOptions): Desk {
  const { handset, line } = station;
  const { extension } = handset;
  const gate = newGate(options.allow, options.approved);
  const log = newPressLog();
  const feed = newFeed();
  station.watch(feed.changed);
  const tell = (kind: Observation, detail: string) => happened({ phone: extension, kind, detail });
  const reporter = newReporter({
    urls,
    valuesOf: (happening) => valuesOf(happening, handset, identity, line),
    onFailure: (event, reason) => tell('reportFailed', `${event} ${reason}`),
  });
  /** What the current key has done so far. */
  let doing: string[] | undefined;

  const act = (key: string, press: () => Pressed) => {
    const did: string[] = [];
    doing = did;
    const labels = gate.asking === undefined ? softKeysOf(handset) : [];
    const { state, keys, ignored } = press();
    if (ignored !== undefined) did.splice(0, did.length, `ignored ${ignored}`);
    log.add({ time: new Date().toISOString(), key, state, ignored: ignored !== undefined, did }, keys);
    feed.key({ token: key, keys, softKey: softKeyFor(keys, labels), ignored: ignored !== undefined });
  };
  const settle = () => {
    station.settle();
    doing = undefined;
  };

  return {
    station,
    urls,
    start() {
      reporter.report({ phone: extension, kind: 'setupCompleted' });
      if (line.host === undefined) reporter.report({ phone: extension, kind: 'registered' });
    },
    admit(address) {
      const asked = gate.asking;
      const admission = gate.admit(address);
      if (admission === 'not-listed') tell('remoteControlRefused', address);
      else if (gate.asking !== undefined && asked === undefined) tell('remoteControlAsked', gate.asking);
      return admission;
    },
    press(keys) {
      for (const key of keys) act(key, () => station.press(key));
      settle();
    },
    hook(to) {
      act(`${to.toUpperCase()} HOOK`, () => station.hook(to));
      settle();
    },
    get allowList() {
      return gate.list;
    },
    set allowList(list) {
      gate.change(list);
      feed.changed();
    },
    feed,
    face: () => faceStateOf(handset, gate.asking),
    undergo(event) {
      happened(undergo(handset, event));
    },
    answerPrompt(press) {
      const address = gate.answer(press);
      if (address === undefined) return false;
      tell(press === 'save' ? 'remoteControlAllowed' : 'remoteControlDismissed', address);
      return true;
    },
    report(happening) {
      doing?.push(sentence(happening));
      reporter.report(happening);
      feed.event(happening);
    },
    lcd: () => renderLcd(handset, gate.asking),
    snapshot: () => snapshotOf(handset, { asking: gate.asking, log, reports: reporter.counts }),
    settled: () => reporter.settled(),
    close: reporter.close,
  };
}

/** `outgoingCall 6002`. */
function sentence({ kind, remote, detail }: Happening): string {
  return [kind, remote ?? '', detail ?? ''].filter((word) => word !== '').join(' ');
}
