import { element, setText } from '../parts/element.ts';
import { FaceButton } from './button.ts';
import type { FaceKey, FaceState } from './data.ts';

/** The display with the soft keys below it: each label is above its key. */
export class Display {
  readonly root: HTMLElement;
  readonly #screen: HTMLElement;
  readonly #lines = ['status', 'what', 'detail', 'line'].map((name) => element('p', `lcd-${name}`));
  readonly #labels: readonly HTMLElement[];
  readonly #keys: readonly FaceButton[];

  /** @param press - called with `SOFTKEY1` and so on */
  constructor(softKeys: number, press: (key: string) => void) {
    const numbers = Array.from({ length: softKeys }, (_, index) => index + 1);
    this.#labels = numbers.map((number) => {
      const label = element('span', 'label');
      label.addEventListener('click', () => press(`SOFTKEY${number}`));
      return label;
    });
    this.#keys = numbers.map((number) => {
      const key = new FaceButton('soft', [], () => press(`SOFTKEY${number}`));
      key.button.dataset['key'] = `SOFTKEY${number}`;
      return key;
    });
    const labels = element('div', 'labels', ...this.#labels);
    // A screen reader uses each label as the name of its key.
    labels.ariaHidden = 'true';
    this.#screen = element('div', 'lcd', ...this.#lines, labels);
    this.#screen.role = 'group';
    this.#screen.ariaLabel = 'Display';
    const keys = element('div', 'softkeys', ...this.#keys.map(({ button }) => button));
    this.root = element('div', 'display', this.#screen, keys);
    this.root.style.setProperty('--softkeys', String(softKeys));
  }

  show({ lcd, softKeys, prompt, state }: FaceState): void {
    this.#screen.dataset['state'] = prompt === null ? state : 'asking';
    for (const [index, line] of this.#lines.entries()) setText(line, lcd[index] ?? '');
    for (const [index, label] of this.#labels.entries()) {
      const text = softKeys[index] ?? '';
      setText(label, text);
      label.hidden = text === '';
      const key = this.#keys[index];
      if (key !== undefined) key.button.ariaLabel = text === '' ? `Soft key ${index + 1}, nothing` : text;
    }
  }

  /** Lights the soft keys that were pressed, by number or by what their label stands for. */
  light({ keys, softKey }: Pick<FaceKey, 'keys' | 'softKey'>): void {
    const numbers = keys.flatMap((key) => /^(?:SOFTKEY|SFK)(\d+)$/.exec(key)?.slice(1).map(Number) ?? []);
    for (const number of softKey === null ? numbers : [...numbers, softKey]) this.#keys[number - 1]?.light();
  }
}
