import type { EventHub } from '../receiver/index.ts';
import { type EventStream, eventText } from '../web/event-stream.ts';
import type { BoardUpdate } from './board-data.ts';

/** How long changes are gathered, in milliseconds. */
const GATHERED = 50;

/**
 * Tells open pages what has changed. It is gathered and written as a text once, so that an event costs the same however
 * many pages are open: strangers can report any number.
 *
 * @param namesOf - the names under which a page shows a phone
 * @returns a function that adds a page, and returns one that removes it
 */
export function newBoardUpdates(
  hub: EventHub,
  namesOf: (phone: string) => readonly string[],
): (page: EventStream) => () => void {
  const pages = new Set<EventStream>();
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};
  const textsOf = (phone: string) => {
    const state = hub.state(phone);
    return namesOf(phone).map((name) => eventText('state', { phone: name, state } satisfies BoardUpdate));
  };
  const tell = () => {
    timer = undefined;
    const news = Buffer.from([...changed].flatMap(textsOf).join(''));
    changed.clear();
    for (const page of pages) page.write(news);
  };
  return (page) => {
    if (pages.size === 0)
      unsubscribe = hub.subscribe(({ phone }) => {
        changed.add(phone);
        timer ??= setTimeout(tell, GATHERED);
      });
    pages.add(page);
    return () => {
      if (!pages.delete(page) || pages.size > 0) return;
      unsubscribe();
      clearTimeout(timer);
      timer = undefined;
      changed.clear();
    };
  };
}
