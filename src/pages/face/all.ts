import { element, find, setText } from '../parts/element.ts';
import { Filter } from '../parts/filter.ts';
import type { FaceKey, FacePhone, FaceState, Lamp } from './data.ts';
import { Display } from './display.ts';
import { Lately } from './lately.ts';
import { act } from './server.ts';
import { entitle, type View } from './view.ts';

const CALL: Readonly<Record<Lamp, string>> = {
  off: '',
  open: '',
  calling: 'calls',
  ringing: 'is called by',
  talking: 'talks with',
  held: 'holds',
};

/** One phone among many: its display with the soft keys, its calls, and its latest activity. */
class Card {
  readonly root: HTMLElement;
  readonly lately: Lately;
  readonly #display: Display;
  readonly #calls = element('p', 'calls-now');
  readonly #title: string;
  /** The text that the filter searches. */
  text = '';

  constructor(phone: FacePhone) {
    this.#title = `${phone.phone} ${phone.model}`;
    const link = element('a', '', phone.phone);
    // The host name under which this page was opened also reaches the other phones.
    link.href = `${location.protocol}//${location.hostname}:${phone.port}/`;
    const heading = element('h2', '', link, ' ', element('small', '', phone.model));
    this.#display = new Display(phone.softKeys, (key) => act(phone.phone, { keys: [key] }));
    this.lately = new Lately(phone, 5);
    this.root = element('li', 'card', heading, this.#display.root, this.#calls, this.lately.root);
    this.show(phone.state);
  }

  show(state: FaceState): void {
    this.root.dataset['state'] = state.state;
    this.#display.show(state);
    setText(
      this.#calls,
      state.calls.map(({ remote, lamp }) => `${CALL[lamp]} ${remote}`).join(', ') || 'no call',
    );
    this.text = [this.#title, ...state.lcd, this.#calls.textContent].join(' ');
  }

  light(key: FaceKey): void {
    this.lately.key(key);
    this.#display.light(key);
  }
}

/** Shows all phones. */
export function showAll(main: HTMLElement): View {
  let cards: ReadonlyMap<string, Card> = new Map();
  const box = element('input');
  box.type = 'search';
  box.placeholder = 'number or state';
  box.autocomplete = 'off';
  box.setAttribute('aria-keyshortcuts', '/');
  find('pages').after(element('label', 'filter', element('span', '', 'Filter'), ' ', box));
  const none = element('p');
  const sift = () => {
    for (const { root, text } of cards.values()) root.hidden = !filter.fits(text);
    const isEmpty = cards.size > 0 && [...cards.values()].every(({ root }) => root.hidden);
    setText(none, isEmpty ? 'No phone fits the filter.' : '');
  };
  const filter = new Filter(box, sift);
  return {
    phones(all) {
      entitle('All phones');
      cards = new Map(all.map((phone) => [phone.phone, new Card(phone)]));
      main.replaceChildren(element('ul', 'cards', ...[...cards.values()].map(({ root }) => root)), none);
      sift();
    },
    state({ phone, news }) {
      cards.get(phone)?.show(news);
      sift();
    },
    key({ phone, news }) {
      cards.get(phone)?.light(news);
    },
    event: ({ phone, news }) => cards.get(phone)?.lately.event(news),
    request: ({ phone, news }) => cards.get(phone)?.lately.request(news),
  };
}
