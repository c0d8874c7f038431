import type { Roster } from '../../monitor/board-data.ts';
import { DOINGS, type Doing, WORDS } from '../../monitor/words.ts';
import { element, setText } from '../parts/element.ts';
import { Tile } from './tile.ts';

/** Phones under a heading. */
class Section {
  readonly details: HTMLDetailsElement;
  readonly tiles: readonly Tile[];
  readonly #count = element('span', 'count');
  readonly #list = element('ul', 'phones');

  constructor(name: string, tiles: readonly Tile[]) {
    this.tiles = tiles;
    const summary = element('summary', '', element('h2', '', name), this.#count);
    this.#list.append(...tiles.map(({ item }) => item));
    this.details = element('details', 'group', summary, this.#list);
    this.details.open = true;
  }

  /** Shows the tiles that match, and hides the section if there are none. */
  filter(fits: (tile: Tile, group: string) => boolean, name: string): number {
    let shown = 0;
    for (const tile of this.tiles) {
      const visible = fits(tile, name);
      if (tile.item.hidden === visible) tile.item.hidden = !visible;
      if (visible) shown += 1;
    }
    this.details.hidden = shown === 0;
    const all = this.tiles.length;
    setText(this.#count, shown === all ? String(all) : `${shown} of ${all}`);
    return shown;
  }
}

/** The board on the page: sections of tiles. */
export class Board {
  readonly #main: HTMLElement;
  readonly tiles = new Map<string, Tile>();
  #sections = new Map<string, Section>();
  readonly #strangers = new Set<string>();
  #roster: Roster = { phones: [], groups: [] };
  names: ReadonlyMap<string, string> = new Map();

  constructor(main: HTMLElement) {
    this.#main = main;
  }

  /** The tile of a phone; created if the phone is new. */
  tileOf(name: string): Tile {
    const tile = this.tiles.get(name);
    if (tile !== undefined) return tile;
    this.#strangers.add(name);
    this.build(this.#roster);
    return this.tileOf(name);
  }

  /** Forgets what each phone did; a listener that was started anew knows nothing of it. */
  forget(): void {
    this.tiles.clear();
    this.#strangers.clear();
  }

  /** Rebuilds the sections; existing tiles are kept. */
  build(roster: Roster): void {
    this.#roster = roster;
    const { phones, groups } = roster;
    this.names = new Map(
      phones.flatMap(({ name, extension }) => (extension === undefined ? [] : [[extension, name]])),
    );
    for (const { name } of phones) this.#strangers.delete(name);
    for (const name of this.#strangers)
      if (!this.tiles.has(name)) this.tiles.set(name, new Tile({ name, host: '' }));
    for (const phone of phones) if (!this.tiles.has(phone.name)) this.tiles.set(phone.name, new Tile(phone));
    const folded = new Set(
      [...this.#sections].flatMap(([name, { details }]) => (details.open ? [] : [name])),
    );
    const left = new Set(phones.map(({ name }) => name));
    // A phone in several groups is shown in the first.
    const take = (names: readonly string[]) => names.filter((name) => left.delete(name));
    const parts: [string, readonly string[]][] = groups.map((group) => [group.name, take(group.phones)]);
    parts.push([groups.length === 0 ? 'Phones of the config' : 'Other phones', take([...left])]);
    parts.push(['Not in the config', [...this.#strangers].sort()]);
    this.#sections = new Map(
      parts
        .filter(([, names]) => names.length > 0)
        .map(([name, names]) => [
          name,
          new Section(
            name,
            names.flatMap((one) => this.tiles.get(one) ?? []),
          ),
        ]),
    );
    for (const [name, { details }] of this.#sections) details.open = !folded.has(name);
    this.#main.replaceChildren(...[...this.#sections.values()].map(({ details }) => details));
  }

  /** Filters the tiles and returns the number of matches in each state. */
  filter(fits: (tile: Tile, group: string) => boolean): {
    readonly shown: number;
    readonly counts: ReadonlyMap<Doing, number>;
  } {
    let shown = 0;
    for (const [name, section] of this.#sections) shown += section.filter(fits, name);
    const counts = new Map(DOINGS.map((doing) => [doing, 0]));
    for (const { doing } of this.tiles.values()) counts.set(doing, (counts.get(doing) ?? 0) + 1);
    return { shown, counts };
  }
}

/** `2 ringing, 5 talking`. */
export function countsText(counts: ReadonlyMap<Doing, number>): string {
  return [...counts].flatMap(([doing, count]) => (count > 0 ? [`${count} ${WORDS[doing]}`] : [])).join(', ');
}
