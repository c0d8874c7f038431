import { element } from '../parts/element.ts';
import type { FaceKeyDefinition } from './keys.ts';

/** How long a key is lit that was pressed, in milliseconds: as long as a finger would. */
const LIT = 350;

/** A key that can be pressed, and lights up whoever presses it. */
export class FaceButton {
  readonly button: HTMLButtonElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param press - called when a person presses it */
  constructor(className: string, inside: readonly (Node | string)[], press: () => void) {
    this.button = element('button', `key ${className}`, ...inside);
    this.button.type = 'button';
    // A click leaves the focus where it is, so that what is typed next still goes to the phone.
    this.button.addEventListener('pointerdown', (event) => event.preventDefault());
    this.button.addEventListener('click', press);
  }

  light(): void {
    clearTimeout(this.#timer);
    this.button.classList.add('pressed');
    this.#timer = setTimeout(() => this.button.classList.remove('pressed'), LIT);
  }
}

/** A key of the tables. */
export function keyButton({ key, label, letters, spoken }: FaceKeyDefinition, press: () => void): FaceButton {
  const inside: (Node | string)[] = letters === undefined ? [label] : [element('b', '', label)];
  if (letters !== undefined) {
    const below = element('small', '', letters);
    below.ariaHidden = 'true';
    inside.push(below);
  }
  const made = new FaceButton('', inside, press);
  made.button.dataset['key'] = key;
  if (spoken !== undefined) {
    made.button.ariaLabel = spoken;
    made.button.title = spoken;
  }
  return made;
}
