import { AtcomError } from '../errors.ts';
import { type EventName, findEvent, parseEvent } from './events.ts';
import { isListenerPath } from './listener-paths.ts';
import { withoutSlashes } from './slashes.ts';
import { hideToken } from './token.ts';

/** Custom paths, by the event that a request for them reports. */
export type EventPaths = Readonly<Partial<Record<EventName, string | readonly string[]>>>;

/** Finds the event of a path and its query values. */
export type EventFinder = (path: string, values: Readonly<Record<string, string>>) => EventName | undefined;

/**
 * Creates a function that finds the event of a request: by a custom path, by a path of the document, or by `event=` in
 * the query. They are tried in this order because some values come from callers, who must not be able to turn one event
 * into another.
 *
 * @throws {AtcomError} `usage` for an invalid path, `unknown-event`
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

/** The first custom path of an event. */
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

/** What is wrong with a custom path; undefined if nothing is. */
export function pathProblem(path: string, event: EventName, taken?: EventName): string | undefined {
  if (!/^\/[\w.~!&'()*+,;=:@/-]+$/.test(path))
    return `${JSON.stringify(hideToken(path))} is not a path such as "/api/ring"`;
  const key = keyOf(path);
  if (key === '') return `${path} is the root of the listener and cannot be the path of an event`;
  if (isListenerPath(key)) return `the listener itself serves ${path}; choose another path`;
  const meant = taken ?? findEvent(path.slice(path.lastIndexOf('/') + 1));
  return meant === undefined || meant === event ? undefined : `${path} is the path of ${meant}`;
}

/** Paths are compared without case and without a trailing slash. */
function keyOf(path: string): string {
  return withoutSlashes(path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')).toLowerCase();
}
