import { element } from '../parts/element.ts';
import { FaceButton } from './button.ts';
import type { FaceState } from './data.ts';

/** The handset on its hook. */
export class HandsetKey {
  readonly root: HTMLElement;
  readonly #key: FaceButton;
  #lifted = false;

  /** @param move - called when the handset is lifted or put down */
  constructor(move: (hook: 'off' | 'on') => void) {
    const grip = element('span', 'grip', element('span', 'ear'), element('span', 'mouth'));
    this.#key = new FaceButton('handset', [grip], () => move(this.#lifted ? 'on' : 'off'));
    this.#key.button.dataset['key'] = 'HOOK';
    this.root = element('div', 'cradle', this.#key.button);
  }

  show({ handsetLifted }: FaceState): void {
    this.#lifted = handsetLifted;
    this.#key.button.ariaPressed = String(handsetLifted);
    const action = handsetLifted ? 'put it down' : 'lift it';
    this.#key.button.ariaLabel = 'Handset off hook';
    this.#key.button.title = `Handset: ${action}`;
  }

  light(): void {
    this.#key.light();
  }
}
