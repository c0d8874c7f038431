import { element } from '../parts/element.ts';
import { type FaceButton, keyButton } from './button.ts';
import type { FaceAction, FaceKey, FacePhone, FaceState } from './data.ts';
import { Display } from './display.ts';
import { HandsetKey } from './handset.ts';
import { AUDIO_KEYS, CALL_KEYS, type FaceKeyDefinition, KEYPAD, NAVIGATION } from './keys.ts';
import { LineKeys } from './line-keys.ts';

/** A whole phone: what can be seen of it, and what can be pressed. */
export class PhoneFace {
  readonly root: HTMLElement;
  readonly #display: Display;
  readonly #lines: LineKeys;
  readonly #handset: HandsetKey;
  readonly #keys = new Map<string, FaceButton>();

  /** @param act - called when a person does something */
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

  /** Lights the keys that were pressed; false where the phone has no place for one. */
  light({ keys, softKey }: FaceKey): void {
    for (const key of keys) {
      const [, family = '', number = ''] = /^(SOFTKEY|SFK|LINEKEY)(\d+)$/.exec(key) ?? [];
      const button = this.#keys.get(key);
      if (family === 'LINEKEY') this.#lines.light(Number(number));
      else if (family !== '') this.#display.light(Number(number));
      else if (key === 'HOOK') this.#handset.light();
      else if (button !== undefined) button.light();
      else if (softKey !== null) this.#display.light(softKey);
    }
  }

  #key(row: FaceKeyDefinition, press: (key: string) => void): HTMLButtonElement {
    const made = keyButton(row, () => press(row.key));
    this.#keys.set(row.key, made);
    if (row.also !== undefined) this.#keys.set(row.also, made);
    return made.button;
  }
}
