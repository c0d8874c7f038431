import { element } from '../parts/element.ts';
import type { FaceKeyDefinition } from './keys.ts';

/** How long a pressed key stays lit, in milliseconds: about as long as a finger would hold it. */
const LIT = 350;

/** A key that can be pressed, and that lights up however it was pressed. */
export class FaceButton {
  readonly button: HTMLButtonElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param press - called when the key is clicked */
  constructor(className: string, inside: readonly (Node | string)[], press: () => void) {
    this.button = element('button', `key ${className}`, ...inside);
    this.button.type = 'button';
    // A click does not move the focus, so that typing still goes to the phone.
    this.button.addEventListener('pointerdown', (event) => event.preventDefault());
    this.button.addEventListener('click', press);
  }

  light(): void {
    clearTimeout(this.#timer);
    this.button.classList.add('pressed');
    this.#timer = setTimeout(() => this.button.classList.remove('pressed'), LIT);
  }
}

/** Creates a key from its definition. */
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
