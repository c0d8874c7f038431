import type { FaceState, Lamp } from '../../pages/face/data.ts';
import { MODELS } from '../../protocol/models.ts';
import { renderLcd } from '../handset/lcd.ts';
import { type Call, type Handset, lineInUse, offHook, stateOf } from '../handset/state.ts';
import { softKeysOf } from '../handset/station.ts';
import type { SoftKey } from '../handset/table.ts';

/** The labels while "Allow Remote Control?" is shown, as `renderLcd` writes them. */
const PROMPT_KEYS = ['Save', 'Cancel'] as const;

/** @param asking - the address in the prompt */
export function faceStateOf(handset: Handset, asking: string | undefined): FaceState {
  const { model, audio, muted, dnd, calls } = handset;
  const open = offHook(handset);
  return {
    state: stateOf(handset),
    lcd: renderLcd(handset, asking).slice(0, -1),
    softKeys: asking === undefined ? softKeysOf(handset).map(([label]) => label) : PROMPT_KEYS,
    prompt: asking ?? null,
    lamps: Array.from({ length: MODELS[model].lineKeys }, (_, index) => lineLamp(handset, index + 1)),
    // The handset is not tracked separately: it counts as lifted while it carries the sound.
    handsetLifted: open && audio === 'handset',
    audio,
    offHook: open,
    muted,
    dnd,
    calls: calls.map((call) => ({ remote: call.leg.remote, lamp: callLamp(call) })),
  };
}

/** The most urgent first. */
const ORDER: readonly Lamp[] = ['ringing', 'calling', 'talking', 'held'];

/** A phone with a single line has both its calls on it. */
function lineLamp(handset: Handset, line: number): Lamp {
  const lamps = handset.calls.filter((call) => call.line === line).map(callLamp);
  const lit = ORDER.find((lamp) => lamps.includes(lamp));
  const opened = handset.entry?.offHook === true && lineInUse(handset) === line;
  return lit ?? (opened ? 'open' : 'off');
}

function callLamp({ answered, incoming, held }: Call): Lamp {
  if (!answered) return incoming ? 'ringing' : 'calling';
  return held ? 'held' : 'talking';
}

/** The number of the soft key, from 1, whose label stands for one of these keys; null if there is none. */
export function softKeyFor(keys: readonly string[], labels: readonly SoftKey[]): number | null {
  // SEND is a second spelling of DIAL, but counts as a separate key.
  const names = keys.map((key) => (key === 'SEND' ? 'DIAL' : key));
  const index = labels.findIndex(([, key]) => names.includes(key));
  return index < 0 ? null : index + 1;
}
