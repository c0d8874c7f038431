import { AtcomError } from '../errors.ts';
import { type EventName, findEvent, parseEvent } from './events.ts';

/** Paths of the user's own, by the event that a request for them reports. */
export type EventPaths = Readonly<Partial<Record<EventName, string | readonly string[]>>>;

/** Finds the event of a path and the values of its query. */
export type EventFinder = (path: string, values: Readonly<Record<string, string>>) => EventName | undefined;

/**
 * Makes what finds the event of a request: by a path of the user's own, by one of the document, or by `event=` in the
 * query. In that order, because values come from callers too, who must not turn one event into another.
 *
 * @throws {AtcomError} `usage` for a path that cannot be used, `unknown-event`
 */
export function newEventFinder(events: EventPaths = {}): EventFinder {
  const own = ownPaths(events);
  return (path, { event }) => {
    const named = own.size === 0 ? undefined : own.get(keyOf(path));
    return (
      named ??
      findEvent(path.slice(path.lastIndexOf('/') + 1)) ??
      (event === undefined ? undefined : findEvent(event))
    );
  };
}

/** The first path of the user's own for an event. */
export function pathOf(events: EventPaths | undefined, event: EventName): string | undefined {
  const paths = events?.[event];
  return typeof paths === 'string' ? paths : paths?.[0];
}

function ownPaths(events: EventPaths): ReadonlyMap<string, EventName> {
  const own = new Map<string, EventName>();
  for (const [name, paths = []] of Object.entries(events)) {
    const event = parseEvent(name);
    for (const path of [paths].flat()) {
      const problem = pathProblem(path, event, own.get(keyOf(path)));
      if (problem !== undefined) throw new AtcomError('usage', { reason: `${event}: ${problem}` });
      own.set(keyOf(path), event);
    }
  }
  return own;
}

/** What is wrong with a path of the user's own; undefined where nothing is. */
export function pathProblem(path: string, event: EventName, taken?: EventName): string | undefined {
  if (!/^\/[\w.~!&'()*+,;=:@/-]+$/.test(path))
    return `${JSON.stringify(path)} is no path such as "/api/ring"`;
  const meant = taken ?? findEvent(path.slice(path.lastIndexOf('/') + 1));
  return meant === undefined || meant === event ? undefined : `${path} is the path of ${meant}`;
}

/** Paths are the same whatever the case of their letters, with or without a slash at the end. */
function keyOf(path: string): string {
  return path
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
    .replace(/\/+$/, '')
    .toLowerCase();
}
