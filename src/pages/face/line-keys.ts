import { element } from '../parts/element.ts';
import { FaceButton } from './button.ts';
import type { FaceState, Lamp } from './data.ts';

const WORDS: Readonly<Record<Lamp, string>> = {
  off: 'free',
  open: 'open',
  calling: 'calling',
  ringing: 'ringing',
  talking: 'talking',
  held: 'on hold',
};

/** The line keys with their lamps, half of them on each side of the display. */
export class LineKeys {
  readonly left = element('div', 'lines');
  readonly right = element('div', 'lines right');
  readonly #keys: readonly { readonly key: FaceButton; readonly lamp: HTMLElement }[];

  /** @param press - called with `LINEKEY1` and so on */
  constructor(count: number, press: (key: string) => void) {
    this.#keys = Array.from({ length: count }, (_, index) => {
      const name = `LINEKEY${index + 1}`;
      const lamp = element('span', 'lamp');
      const key = new FaceButton('line', [lamp, element('span', '', `Line ${index + 1}`)], () => press(name));
      key.button.dataset['key'] = name;
      return { key, lamp };
    });
    for (const [index, { key }] of this.#keys.entries())
      (index < Math.ceil(count / 2) ? this.left : this.right).append(key.button);
  }

  show({ lamps }: FaceState): void {
    for (const [index, { key, lamp }] of this.#keys.entries()) {
      const lit = lamps[index] ?? 'off';
      lamp.dataset['lamp'] = lit;
      key.button.ariaLabel = `Line ${index + 1}, ${WORDS[lit]}`;
    }
  }

  light(keys: readonly string[]): void {
    for (const { key } of this.#keys) if (keys.includes(key.button.dataset['key'] ?? '')) key.light();
  }
}
