import type { BoardPhone } from '../../monitor/board-data.ts';
import { type Doing, doingOf, howLong, marksOf, sidesOf, WORDS } from '../../monitor/words.ts';
import { ageText } from '../../protocol/ages.ts';
import type { PhoneState } from '../../receiver/index.ts';
import { element, setText } from '../parts/element.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** After this long without a report, a tile shows how old its state is, in milliseconds. */
const OLD = 30 * 60_000;

/** One phone on the board. */
export class Tile {
  readonly name: string;
  readonly item: HTMLLIElement;
  readonly #use = document.createElementNS(SVG, 'use');
  readonly #word = element('span', 'word');
  readonly #clock = element('span', 'clock');
  readonly #calls = element('ul', 'calls');
  readonly #marks = element('p', 'marks');
  readonly #age = element('p', 'age');
  #state: PhoneState | undefined;
  #text = '';
  doing: Doing = 'unknown';

  constructor({ name, host, extension }: BoardPhone) {
    this.name = name;
    const icon = document.createElementNS(SVG, 'svg');
    icon.setAttribute('aria-hidden', 'true');
    icon.append(this.#use);
    const number = extension === undefined ? [] : [' ', element('span', 'number', extension)];
    const title = element('h3', '', name, ...number);
    if (host !== '' && host !== name) title.title = host;
    const doing = element('p', 'doing', icon, this.#word, this.#clock);
    this.item = element('li', 'phone', title, doing, this.#calls, this.#marks, this.#age);
    this.#show('unknown');
  }

  /** The text that filters search. */
  get text(): string {
    return this.#text;
  }

  /** Shows a state. @param names - phone names by number */
  update(state: PhoneState, names: ReadonlyMap<string, string>): void {
    this.#state = state;
    this.#show(doingOf(state));
    const lines = sidesOf(state, names);
    setLines(this.#calls, lines);
    setText(this.#marks, marksOf(state).join(' · '));
    this.#text = [this.name, WORDS[this.doing], ...lines, this.#marks.textContent].join(' ');
  }

  /** Advances the clocks. @param now - the listener's time, in milliseconds */
  tick(now: number): void {
    const state = this.#state;
    setText(this.#clock, state === undefined ? '' : howLong(state, now));
    const heard = state?.heard ?? null;
    const silence = heard === null ? 0 : now - Date.parse(heard.time);
    const old = silence > OLD;
    setText(this.#age, heard === null ? 'not heard yet' : old ? `not heard for ${ageText(silence)}` : '');
    this.item.classList.toggle('old', heard === null || old);
  }

  #show(doing: Doing): void {
    this.doing = doing;
    if (this.item.dataset['doing'] === doing) return;
    this.item.dataset['doing'] = doing;
    this.#use.setAttribute('href', `#${doing}`);
    setText(this.#word, WORDS[doing]);
  }
}

function setLines(list: HTMLElement, lines: readonly string[]): void {
  while (list.childElementCount > lines.length) list.lastElementChild?.remove();
  while (list.childElementCount < lines.length) list.append(element('li'));
  for (const [index, line] of lines.entries()) {
    const item = list.children[index];
    if (item !== undefined) setText(item, line);
  }
}
