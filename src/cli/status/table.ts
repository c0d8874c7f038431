import { visible } from '../../errors/visible.ts';
import { doingOf, howLong, marksOf, sidesOf, WORDS } from '../../monitor/words.ts';
import { ageText } from '../../protocol/ages.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Paint, Style } from '../output/output.ts';
import type { StatusResult } from './result.ts';

/** The columns, in order. */
const HEAD = ['PHONE', 'STATE', 'WITH', 'SINCE', 'DND', 'HEARD', 'NOTE'] as const;

type Column = (typeof HEAD)[number];

/** A row of the table: a text for each column. */
export interface StatusRow extends Readonly<Record<Column, string>> {
  readonly style: Style | undefined;
}

/** Columns that are dropped first if there is no room, and the minimum widths of the others. */
const DROPPED: readonly Column[] = ['NOTE', 'HEARD', 'SINCE', 'DND'];
const CUT: readonly (readonly [Column, number])[] = [
  ['WITH', 8],
  ['NOTE', 8],
  ['PHONE', 10],
];
const GAP = 2;

/** Up to this many phones get a line each; above that, those without a call are folded. */
const UNFOLDED = 8;

const STYLES: Readonly<Record<string, Style>> = {
  ringing: 'yellow',
  calling: 'yellow',
  talking: 'green',
  conference: 'green',
  held: 'green',
  unknown: 'dim',
};

/** What a table is made from. */
export interface TableOptions {
  readonly names: ReadonlyMap<string, string>;
  /** In milliseconds. */
  readonly now: number;
}

/** A row of one phone. */
export function rowOf({ phone, state, web }: StatusResult, { names, now }: TableOptions): StatusRow {
  const doing = doingOf(state);
  const marks = marksOf(state).filter((mark) => mark !== 'DND');
  return {
    PHONE: visible(phone),
    STATE: WORDS[doing],
    WITH: visible(sidesOf(state, names).join(', ')),
    SINCE: howLong(state, now),
    DND: state.dnd === true ? 'on' : '',
    HEARD: state.heard === null ? 'never' : ageText(now - Date.parse(state.heard.time)),
    NOTE: [...(web === 'silent' ? ['no answer'] : []), ...marks].join(', '),
    style: web === 'silent' ? 'red' : STYLES[doing],
  };
}

/** Rows of all phones; with many phones, those without a call and with equal cells share one. */
export function rowsOf(results: readonly StatusResult[], options: TableOptions): readonly StatusRow[] {
  if (results.length <= UNFOLDED) return results.map((result) => rowOf(result, options));
  const groups = new Map<string, StatusResult[]>();
  for (const result of results) {
    const { STATE, DND, NOTE } = rowOf(result, options);
    const key = result.state.calls.length > 0 ? result.phone : JSON.stringify([STATE, DND, NOTE]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((group) => foldedRow(group, options));
}

function foldedRow(group: readonly StatusResult[], options: TableOptions): StatusRow {
  const [first] = group;
  if (first === undefined) throw new Error('a group of no phones');
  const row = rowOf(first, options);
  if (group.length === 1) return row;
  const times = group.flatMap(({ state }) => (state.heard === null ? [] : [Date.parse(state.heard.time)]));
  const name = visible(foldNodeset(group.map(({ phone }) => phone)));
  // Of several, the oldest is the most interesting.
  const heard =
    times.length < group.length
      ? 'never'
      : ageText(options.now - times.reduce((first, time) => Math.min(first, time), options.now));
  return { ...row, PHONE: `${name} (${group.length})`, SINCE: '', HEARD: heard };
}

/** The table as lines that fit the width, starting with the header. */
export function tableLines(rows: readonly StatusRow[], width: number, paint: Paint): readonly string[] {
  const columns = columnsOf(rows, width);
  const line = (text: (column: Column) => string) =>
    columns
      .map(([column, room]) => clip(text(column), room).padEnd(room))
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = paint(
    'bold',
    line((column) => column),
  );
  return [
    head,
    ...rows.map((row) => {
      const text = line((column) => row[column]);
      return row.style === undefined ? text : paint(row.style, text);
    }),
  ];
}

/** The visible columns and their widths. */
function columnsOf(rows: readonly StatusRow[], width: number): readonly (readonly [Column, number])[] {
  const rooms = new Map<Column, number>();
  for (const column of HEAD) {
    const widest = Math.max(0, ...rows.map((row) => [...row[column]].length));
    // Empty columns are dropped, except for the six permanent ones.
    if (widest > 0 || column !== 'NOTE') rooms.set(column, Math.max(widest, column.length));
  }
  const excess = () => [...rooms.values()].reduce((sum, room) => sum + room + GAP, -GAP) - width;
  const cut = ([column, least]: readonly [Column, number]) => {
    const room = rooms.get(column);
    if (room !== undefined && excess() > 0)
      rooms.set(column, Math.min(room, Math.max(least, room - excess())));
  };
  cut(['WITH', 16]);
  cut(['PHONE', 20]);
  for (const column of DROPPED) if (excess() > 0) rooms.delete(column);
  for (const one of CUT) cut(one);
  return [...rooms];
}

function clip(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(0, room - 1)).join('')}…`;
}
