import { element } from '../parts/element.ts';
import type { FaceEvent, FaceKey, FacePhone, FaceRequest } from './data.ts';

/** A list with more entries than this scrolls. */
const SCROLLS = 15;

/** A list of what came last. */
class Recent {
  readonly root: HTMLElement;
  readonly #list = element('ol', 'recent');
  readonly #most: number;
  readonly #newest: 'first' | 'last';

  constructor(title: string, most: number, empty: string, newest: 'first' | 'last' = 'first') {
    this.#most = most;
    this.#newest = newest;
    this.#list.dataset['empty'] = empty;
    this.#list.ariaLabel = title;
    if (most > SCROLLS) {
      this.#list.classList.add('long');
      // Without a tab stop, the keyboard could not scroll it.
      this.#list.tabIndex = 0;
    }
    this.root = element('section', '', element('h2', '', title), this.#list);
  }

  add(...inside: readonly (Node | string)[]): HTMLLIElement {
    const item = element('li', '', ...inside);
    const isLast = this.#newest === 'last';
    if (isLast) this.#list.append(item);
    else this.#list.prepend(item);
    while (this.#list.childElementCount > this.#most)
      (isLast ? this.#list.firstElementChild : this.#list.lastElementChild)?.remove();
    return item;
  }
}

/** The latest keys, requests and events of a phone. */
export class Lately {
  readonly root: HTMLElement;
  readonly #keys: Recent;
  readonly #requests: Recent;
  readonly #events: Recent;

  /** @param most - the maximum number of each */
  constructor({ keys, events, requests }: FacePhone, most = 30) {
    // They are read along a line, as they were pressed.
    this.#keys = new Recent('Keys', 14, 'none yet', 'last');
    this.#requests = new Recent('Requests', most, 'nobody has asked for keys yet');
    this.#events = new Recent('Events', most, 'nothing has happened yet');
    this.#keys.root.className = 'tokens';
    this.root = element('div', 'lately', this.#keys.root, this.#requests.root, this.#events.root);
    for (const key of keys) this.key(key);
    for (const request of requests) this.request(request);
    for (const event of events) this.event(event);
  }

  key({ token, ignored }: FaceKey): void {
    const item = this.#keys.add(token);
    if (!ignored) return;
    item.className = 'ignored';
    item.title = 'did nothing';
  }

  request({ time, from, query, outcome }: FaceRequest): void {
    const item = this.#requests.add(clock(time), element('code', '', `?${query}`), ' ');
    item.append(element('span', 'quiet', `from ${from}: ${outcome}`));
    item.dataset['outcome'] = outcome;
  }

  event({ time, event, detail, reported }: FaceEvent): void {
    const item = this.#events.add(clock(time), element('b', '', event), ` ${detail}`);
    if (!reported) item.className = 'inner';
  }
}

/** `14:03:09`, local time. */
function clock(time: string): HTMLElement {
  const at = new Date(time);
  const digits = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return element('time', '', digits.join(':'));
}
