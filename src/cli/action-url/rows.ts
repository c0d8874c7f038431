import { AtcomError } from '../../errors.ts';
import { actionUrl, LONGEST_ACTION_URL, type OwnUrls } from '../../protocol/action-url.ts';
import { EVENT_DEFINITIONS, type EventName, parseEvent } from '../../protocol/events.ts';
import { parseVariable, type Variable } from '../../protocol/variables.ts';
import type { Context } from '../context.ts';

/** The Action URL of an event, and the label of its field on the phone's page. */
export interface ActionUrlRow {
  readonly event: EventName;
  readonly label: string;
  readonly url: string;
}

/**
 * What belongs on the page 'Phone – Action URL', in its order.
 *
 * @throws {AtcomError} `usage` for a URL that no field of the page takes
 */
export function actionUrlRows(
  listener: string,
  {
    only,
    variables,
    own,
  }: {
    readonly only?: readonly EventName[] | undefined;
    readonly variables?: readonly Variable[] | undefined;
    readonly own?: OwnUrls | undefined;
  } = {},
): readonly ActionUrlRow[] {
  return EVENT_DEFINITIONS.filter(({ event }) => only?.includes(event) ?? true).map(({ event, label }) => ({
    event,
    label,
    url: fitting(actionUrl(listener, event, variables, own), event),
  }));
}

/** What the listener of the config wants of its URLs besides the document. */
export async function ownUrls({ config }: Pick<Context, 'config'>): Promise<OwnUrls> {
  const { listener, events } = await config();
  return { token: listener?.token, events };
}

function fitting(url: string, event: EventName): string {
  if (url.length <= LONGEST_ACTION_URL) return url;
  throw new AtcomError('usage', {
    reason: `the URL of ${event} has ${url.length} characters; a phone takes ${LONGEST_ACTION_URL}`,
    hint: 'choose fewer variables, such as --variables mac,remote, or a shorter URL of the listener',
  });
}

/** Reads `incomingCall,established`. */
export function parseEvents(text: string): readonly EventName[] {
  return text.split(',').map(parseEvent);
}

/** Reads `mac,remote`. */
export function parseVariables(text: string): readonly Variable[] {
  return [...new Set(text.split(',').map(parseVariable))];
}
