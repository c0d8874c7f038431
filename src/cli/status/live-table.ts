import { printable, visible } from '../../errors/visible.ts';
import { DOINGS, doingOf, sidesOf, WORDS } from '../../monitor/words.ts';
import type { Paint } from '../output/output.ts';
import type { StatusResult } from './result.ts';
import { rowOf, type TableOptions, tableLines } from './table.ts';

/** The user's settings of the live table. */
export interface TableView {
  readonly sort: 'name' | 'since';
  /** The text typed after `/`; undefined if no filter is being typed. */
  readonly typing: string | undefined;
  readonly filter: string;
  /** The first visible row. */
  readonly top: number;
}

export const FIRST_VIEW: TableView = { sort: 'name', typing: undefined, filter: '', top: 0 };

/** The available space. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Handles keys. `undefined` means quit. */
export function afterKeys(view: TableView, keys: string, page: number): TableView | undefined {
  if (keys === '\x03') return undefined;
  if (view.typing !== undefined) return afterTyping(view, view.typing, keys);
  if (keys === 'q') return undefined;
  if (keys === '/') return { ...view, typing: view.filter };
  if (keys === 's') return { ...view, sort: view.sort === 'name' ? 'since' : 'name' };
  if (keys === '\x1b') return { ...view, filter: '', top: 0 };
  const moved = new Map([
    ['\x1b[B', 1],
    ['j', 1],
    ['\x1b[A', -1],
    ['k', -1],
    ['\x1b[6~', page],
    [' ', page],
    ['\x1b[5~', -page],
  ]).get(keys);
  return moved === undefined ? view : { ...view, top: Math.max(0, view.top + moved) };
}

function afterTyping(view: TableView, typing: string, keys: string): TableView {
  if (keys === '\x1b') return { ...view, typing: undefined, filter: '', top: 0 };
  if (keys === '\r' || keys === '\n') return { ...view, typing: undefined };
  const erases = keys === '\x7f' || keys === '\b';
  const text = erases ? [...typing].slice(0, -1).join('') : typing + printable(keys);
  return { ...view, typing: text, filter: text, top: 0 };
}

/** The whole screen as lines: the title, the table, the keys. */
export function screenLines(
  results: readonly StatusResult[],
  view: TableView,
  options: TableOptions & { readonly problem?: string | undefined },
  { columns, rows }: Size,
  paint: Paint,
): readonly string[] {
  const fits = sorted(results, view).filter((result) => matches(result, view.filter, options));
  const room = Math.max(1, rows - 4);
  const top = Math.min(view.top, Math.max(0, fits.length - room));
  const shown = fits.slice(top, top + room).map((result) => rowOf(result, options));
  const more = fits.length - top - shown.length;
  const table = tableLines(shown, columns, paint);
  const head = [`${fits.length} of ${results.length} phones`, countsOf(fits)].filter(Boolean).join(': ');
  const place = more > 0 || top > 0 ? `  ${top + 1}-${top + shown.length}` : '';
  return [
    cut(`${head}${place}`, columns),
    options.problem === undefined ? '' : paint('red', cut(options.problem, columns)),
    ...table,
    ...Array<string>(Math.max(0, rows - 3 - table.length)).fill(''),
    paint('dim', cut(footOf(view), columns)),
  ];
}

function footOf({ typing, filter, sort }: TableView): string {
  if (typing !== undefined) return `/${visible(typing)}_  Enter applies it, Esc clears it`;
  const shown = filter === '' ? '' : `filter: ${visible(filter)} (Esc)  `;
  return `q quit  ${shown}/ filter  s sort (by ${sort})  arrows scroll`;
}

function sorted(results: readonly StatusResult[], { sort }: TableView): readonly StatusResult[] {
  const byName = (a: StatusResult, b: StatusResult) =>
    a.phone.localeCompare(b.phone, 'en', { numeric: true });
  if (sort === 'name') return [...results].sort(byName);
  // The most recent change first; phones without any change come last.
  const since = ({ state }: StatusResult) => state.since ?? '';
  return [...results].sort((a, b) => since(b).localeCompare(since(a)) || byName(a, b));
}

function matches({ phone, state }: StatusResult, filter: string, { names }: TableOptions): boolean {
  const text = [phone, WORDS[doingOf(state)], ...sidesOf(state, names), state.dnd === true ? 'dnd' : '']
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function countsOf(results: readonly StatusResult[]): string {
  const counts = DOINGS.map(
    (doing) => [doing, results.filter(({ state }) => doingOf(state) === doing).length] as const,
  );
  return counts.flatMap(([doing, number]) => (number > 0 ? [`${number} ${WORDS[doing]}`] : [])).join(', ');
}

function cut(text: string, room: number): string {
  return [...text].slice(0, room).join('');
}
