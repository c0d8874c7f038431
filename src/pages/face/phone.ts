import { element } from '../parts/element.ts';
import { type FaceButton, keyButton } from './button.ts';
import type { FaceAction, FaceKey, FacePhone, FaceState } from './data.ts';
import { Display } from './display.ts';
import { HandsetKey } from './handset.ts';
import { AUDIO_KEYS, CALL_KEYS, type FaceKeyDefinition, KEYPAD, NAVIGATION } from './keys.ts';
import { LineKeys } from './line-keys.ts';

/** A complete phone: what can be seen of it, and what can be pressed. */
export class PhoneFace {
  readonly root: HTMLElement;
  readonly #display: Display;
  readonly #lines: LineKeys;
  readonly #handset: HandsetKey;
  readonly #keys = new Map<string, FaceButton>();

  /** @param act - called with each action */
  constructor({ phone, model, softKeys, memoryKeys, state }: FacePhone, act: (action: FaceAction) => void) {
    const press = (key: string) => act({ keys: [key] });
    const keys = (name: string, rows: readonly FaceKeyDefinition[]) =>
      element('div', name, ...rows.map((row) => this.#key(row, press)));
    this.#display = new Display(softKeys, press);
    this.#lines = new LineKeys(state.lamps.length, press);
    this.#handset = new HandsetKey((hook) => act({ hook }));
    const memory = Array.from({ length: memoryKeys }, (_, index) => ({
      key: `MEMORY_KEY${index + 1}`,
      label: `${index + 1}`,
      spoken: `Memory key ${index + 1}`,
    }));
    const badge = element('p', 'badge', element('span', '', model), element('span', 'bell'));
    this.root = element(
      'section',
      'phone',
      badge,
      this.#handset.root,
      element('div', 'front', this.#lines.left, this.#display.root, this.#lines.right),
      element(
        'div',
        'keys',
        keys('calls', CALL_KEYS),
        keys('keypad', KEYPAD),
        element('div', 'side', keys('navigation', NAVIGATION), keys('audio', AUDIO_KEYS)),
      ),
    );
    if (memory.length > 0) this.root.append(keys('memory', memory));
    this.root.ariaLabel = `Phone ${phone}`;
    this.show(state);
  }

  show(state: FaceState): void {
    this.root.dataset['state'] = state.state;
    this.#display.show(state);
    this.#lines.show(state);
    this.#handset.show(state);
    const lit = {
      SPEAKER: state.offHook && state.audio === 'speaker',
      HEADSET: state.offHook && state.audio === 'headset',
      MUTE: state.muted,
    };
    for (const [key, on] of Object.entries(lit)) {
      const button = this.#keys.get(key)?.button;
      if (button !== undefined) button.ariaPressed = String(on);
    }
  }

  /** Lights what was pressed. A key without its own place lights the soft key that stands for it. */
  light({ keys, softKey }: FaceKey): void {
    const placed = keys.flatMap((key) => this.#keys.get(key) ?? []);
    for (const key of placed) key.light();
    this.#lines.light(keys);
    if (keys.includes('HOOK')) this.#handset.light();
    this.#display.light({ keys, softKey: placed.length === 0 ? softKey : null });
  }

  #key(row: FaceKeyDefinition, press: (key: string) => void): HTMLButtonElement {
    const made = keyButton(row, () => press(row.key));
    this.#keys.set(row.key, made);
    if (row.also !== undefined) this.#keys.set(row.also, made);
    return made.button;
  }
}
