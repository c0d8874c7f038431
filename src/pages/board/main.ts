import type { BoardSnapshot, BoardUpdate } from '../../monitor/board-data.ts';
import { ageText } from '../../protocol/ages.ts';
import type { PhoneState } from '../../receiver/index.ts';
import { find, setText } from '../parts/element.ts';
import { follow } from '../parts/link.ts';
import { Controls } from './controls.ts';
import { Board, countsText } from './view.ts';

/** How often a screen reader announces the counts at most, in milliseconds. */
const NEWS = 15_000;

const main = find('groups');
const view = new Board(main);
const controls = new Controls(find('counts'), find('filter') as HTMLInputElement, find('wall'), () => draw());
/** States that arrived since the last draw. */
const dirty = new Map<string, PhoneState>();
let offset = 0;
let drawing = false;
let told = 0;

const now = () => Date.now() + offset;

/** Draws at most once per frame, however many phones change. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    for (const [phone, state] of dirty) {
      const tile = view.tileOf(phone);
      tile.update(state, view.names);
      tile.tick(now());
    }
    dirty.clear();
    const { shown, counts } = view.filter(controls.fits);
    controls.show(counts);
    setText(find('none'), shown === 0 && view.tiles.size > 0 ? 'No phone fits the filter.' : '');
    if (Date.now() - told < NEWS) return;
    told = Date.now();
    setText(find('news'), countsText(counts));
  });
}

follow('board/events', {
  news: {
    time(text: string) {
      offset = Date.parse(text) - Date.now();
    },
    states(snapshot: BoardSnapshot) {
      dirty.clear();
      view.forget();
      view.build(snapshot);
      for (const [phone, state] of Object.entries(snapshot.states)) dirty.set(phone, state);
      setText(find('since'), `Heard since ${new Date(snapshot.started).toLocaleString()}`);
      main.setAttribute('aria-busy', 'false');
      for (const tile of view.tiles.values()) tile.tick(now());
      draw();
    },
    state({ phone, state }: BoardUpdate) {
      dirty.set(phone, state);
      draw();
    },
  },
  onLink(silent) {
    document.body.dataset['link'] = silent === undefined ? 'up' : 'down';
    const age =
      silent === undefined
        ? ''
        : `No connection to the listener for ${ageText(silent)}: what stands here is old.`;
    setText(find('link'), age);
  },
});

setInterval(() => {
  // A board without a connection must not look live.
  if (document.body.dataset['link'] === 'up') for (const tile of view.tiles.values()) tile.tick(now());
}, 1000);
