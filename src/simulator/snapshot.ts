import type { Model } from '../protocol/models.ts';
import { renderLcd } from './handset/lcd.ts';
import {
  type Audio,
  type Call,
  type CallState,
  type Forward,
  type Handset,
  lineInUse,
  stateOf,
} from './handset/state.ts';
import type { LogEntry, PressLog } from './log.ts';
import type { ReportCounts } from './reporter.ts';

/** One call from one phone's point of view. */
export interface CallSnapshot {
  readonly id: string;
  readonly remote: string;
  /** Its line key. */
  readonly line: number;
  readonly direction: 'incoming' | 'outgoing';
  readonly answered: boolean;
  /** This phone holds it. */
  readonly held: boolean;
  /** The other phone holds it. */
  readonly heldByRemote: boolean;
}

/** Everything known about a virtual handset, as returned by `GET /_sim/state`. */
export interface PhoneSnapshot {
  readonly extension: string;
  readonly model: Model;
  readonly state: CallState;
  /** The open list or menu; `Main` on the main screen. */
  readonly screen: string;
  readonly lcd: readonly string[];
  /** The call in focus comes first. */
  readonly calls: readonly CallSnapshot[];
  readonly dnd: boolean;
  /** The active kinds of forwarding. */
  readonly forwards: readonly Forward[];
  /** The numbers entered for them, including inactive ones. */
  readonly forwardTo: Readonly<Partial<Record<Forward, string>>>;
  /** A second call may ring during a call. */
  readonly callWaiting: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly audio: Audio;
  readonly line: number;
  /** Digits collected for a call that is not made yet. */
  readonly digits: string;
  /** DTMF digits sent in the current calls. */
  readonly dtmf: string;
  /** DTMF digits received in the current calls. */
  readonly heard: string;
  /** Why calls are impossible; null if they are possible. */
  readonly noService: string | null;
  /** The address in the prompt, or null if none is shown. */
  readonly prompt: string | null;
  /** The results of its reports to Action URLs. */
  readonly reports: ReportCounts;
  readonly presses: number;
  readonly keys: Readonly<Record<string, number>>;
  readonly log: readonly LogEntry[];
}

/** What a phone knows besides its calls. */
export interface Records {
  /** The address in the prompt. */
  readonly asking: string | undefined;
  readonly log: PressLog;
  readonly reports: ReportCounts;
}

export function snapshotOf(handset: Handset, { asking, log, reports }: Records): PhoneSnapshot {
  const { extension, model, dnd, forwards, forwardTo, callWaiting, muted, volume, audio, dtmf, heard } =
    handset;
  return {
    extension,
    model,
    state: stateOf(handset),
    screen: handset.screen?.title ?? 'Main',
    lcd: renderLcd(handset, asking),
    calls: handset.calls.map(callSnapshot),
    dnd,
    forwards,
    forwardTo,
    callWaiting,
    muted,
    volume,
    audio,
    line: lineInUse(handset),
    digits: handset.entry?.digits ?? '',
    dtmf,
    heard,
    noService: handset.noService === '' ? null : handset.noService,
    prompt: asking ?? null,
    reports,
    presses: log.presses,
    keys: log.keys,
    log: log.entries,
  };
}

function callSnapshot({ leg, line, incoming, answered, held, heldByRemote }: Call): CallSnapshot {
  const direction = incoming ? 'incoming' : 'outgoing';
  return { id: leg.id, remote: leg.remote, line, direction, answered, held, heldByRemote };
}
