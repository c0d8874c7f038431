import { AtcomError } from '../errors.ts';
import { actionUrl } from '../protocol/action-url.ts';
import { EVENT_DEFINITIONS, type EventName, parseEvent } from '../protocol/events.ts';
import type { Happening } from './handset/happenings.ts';
import { parseTemplate, type Template } from './template.ts';

/** A template for each event: the page 'Phone – Action URL' of one phone. */
export interface ActionUrls {
  /** The template of an event; undefined if its field is empty or this is not an event. */
  get(kind: Happening['kind']): Template | undefined;
  /**
   * Fills in fields. `*` is a listener for all of them; an empty string or null clears a field. All are applied, or
   * none.
   *
   * @throws {AtcomError} `unknown-event`, `usage`
   */
  set(fields: Readonly<Record<string, unknown>>): void;
  /** The filled-in fields, in the order of the page. */
  readonly fields: Readonly<Partial<Record<EventName, string>>>;
}

/** @throws {AtcomError} as {@link ActionUrls.set} */
export function newActionUrls(fields: Readonly<Record<string, unknown>>): ActionUrls {
  const templates = new Map<Happening['kind'], Template | undefined>();
  const set: ActionUrls['set'] = ({ '*': every, ...others }) => {
    const all = every === undefined ? [] : everyField(every);
    const some = Object.entries(others).map(([name, url]) => field(parseEvent(name), url));
    for (const [event, template] of [...all, ...some]) templates.set(event, template);
  };
  set(fields);
  return {
    get: (kind) => templates.get(kind),
    set,
    get fields() {
      return Object.fromEntries(
        EVENT_DEFINITIONS.flatMap(({ event }) => {
          const text = templates.get(event)?.text;
          return text === undefined ? [] : [[event, text]];
        }),
      );
    },
  };
}

type Field = readonly [event: EventName, template: Template | undefined];

function everyField(url: unknown): readonly Field[] {
  const listener = template(url);
  if (listener !== undefined && listener.query !== '') {
    throw new AtcomError('usage', {
      reason: 'a listener for all events is told what to expect by the path',
      hint: 'leave out the query, or name the event: incomingCall=http://…',
    });
  }
  return EVENT_DEFINITIONS.map(({ event }) =>
    field(event, listener === undefined ? null : actionUrl(listener.text, event)),
  );
}

function field(event: EventName, url: unknown): Field {
  return [event, template(url)];
}

function template(url: unknown): Template | undefined {
  if (url === '' || url === null) return undefined;
  if (typeof url === 'string') return parseTemplate(url);
  throw new AtcomError('usage', { reason: 'an Action URL is a text', hint: 'or null, for none' });
}
