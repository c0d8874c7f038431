import { DOINGS, type Doing, WORDS } from '../../monitor/words.ts';
import { element, setText } from '../parts/element.ts';
import { Filter } from '../parts/filter.ts';
import type { Tile } from './tile.ts';

/** The board's filters and its counts. */
export class Controls {
  readonly #buttons: ReadonlyMap<Doing, HTMLButtonElement>;
  readonly #filter: Filter;
  readonly #only = new Set<Doing>();

  /** @param changed - called when the filters change */
  constructor(counts: HTMLElement, filter: HTMLInputElement, wall: HTMLElement, changed: () => void) {
    this.#filter = new Filter(filter, changed);
    this.#buttons = new Map(
      DOINGS.map((doing) => {
        const button = element('button', 'only', element('b', '', '0'), ` ${WORDS[doing]}`);
        button.type = 'button';
        button.dataset['doing'] = doing;
        button.ariaPressed = 'false';
        button.addEventListener('click', () => {
          if (!this.#only.delete(doing)) this.#only.add(doing);
          button.ariaPressed = String(this.#only.has(doing));
          changed();
        });
        return [doing, button];
      }),
    );
    counts.append(...this.#buttons.values());
    wall.addEventListener('click', toggleWall);
    document.addEventListener('fullscreenchange', () => {
      wall.ariaPressed = String(document.fullscreenElement !== null);
    });
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Whether a phone passes the filters. */
  readonly fits = (tile: Tile, group: string): boolean => {
    if (this.#only.size > 0 && !this.#only.has(tile.doing)) return false;
    return this.#filter.fits(`${tile.text} ${group}`);
  };

  /** Shows how many phones are in each state. */
  show(counts: ReadonlyMap<Doing, number>): void {
    for (const [doing, button] of this.#buttons) {
      const count = counts.get(doing) ?? 0;
      const number = button.firstElementChild;
      if (number !== null) setText(number, String(count));
      button.hidden = count === 0 && !this.#only.has(doing);
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || this.#filter.isTyped(event)) return;
    if (event.key === 'f') toggleWall();
  }
}

function toggleWall(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // Browsers may deny it; the page works without.
  done.catch(() => undefined);
}
