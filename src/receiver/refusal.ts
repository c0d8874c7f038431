import { hideToken } from '../protocol/token.ts';

/** What a request is answered that is no event, why, and what to do about it. The words follow `10.0.0.7 asked for /x`. */
const REFUSALS = {
  'unknown-event': {
    status: 404,
    why: ', which names no event',
    remedy: 'atcom events lists them, and events: in the config names paths of your own',
  },
  method: { status: 405, why: ' with another method than GET', last: true },
  body: { status: 413, why: ' with a body, which no phone sends', last: true },
  'too-long': { status: 414, why: ' with too long a URL, or too many headers', last: true },
  'foreign-page': { status: 403, why: ' for a web page of another site' },
  'foreign-host': {
    status: 403,
    why: ' of another host',
    remedy: 'where phones reach this listener by that name, set listener: { url: … } in the config',
  },
  token: {
    status: 403,
    why: ' without the token of this listener',
    remedy: 'atcom action-url list prints the URLs with it',
  },
  'other-user': { status: 403, why: ', which only atcom of the same user gets' },
  'not-http': { status: 400, why: ' in a request that is not HTTP', last: true },
  'cut-short': { status: 408, why: ' in a request that did not come to its end, or was reset', last: true },
  late: { status: 400, why: ' after the end of its connection', last: true },
  tls: { status: 400, why: ' for a TLS connection that did not come about', last: true },
} as const satisfies Readonly<Record<string, RefusalRow>>;

interface RefusalRow {
  readonly status: number;
  readonly why: string;
  /** How to fix it. */
  readonly remedy?: string;
  /** Whether nothing more is taken on the same connection. */
  readonly last?: true;
}

/** Why a request was refused. A code is API: scripts may compare it. */
export type RefusalReason = keyof typeof REFUSALS;

/** Whether a text from outside is one. */
export function isRefusalReason(reason: unknown): boolean {
  return typeof reason === 'string' && Object.hasOwn(REFUSALS, reason);
}

/** A request that was no event. */
export interface RefusedRequest {
  /** When it came, ISO 8601. */
  readonly time: string;
  readonly refused: RefusalReason;
  /** The address it came from; empty where the connection was gone before it was known. */
  readonly source: string;
  /** What it asked for, without the query; empty where that is not known. */
  readonly path: string;
}

/** `10.0.0.7 asked for /api/incoming, which names no event` */
export function refusalText({ refused, source, path }: RefusedRequest): string {
  return `${source || 'somebody'} asked${path === '' ? '' : ` for ${path}`}${REFUSALS[refused].why}`;
}

/** What a listener serves only with an option. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['/board', '--board'],
  ['/metrics', '--metrics'],
]);

/** The same with what to do about it, where that is known. */
export function refusalAdvice(refusal: RefusedRequest): string {
  const option = refusal.refused === 'unknown-event' ? PAGES.get(refusal.path) : undefined;
  const remedy = option === undefined ? refusalRow(refusal).remedy : `atcom listen ${option} serves it`;
  return remedy === undefined ? refusalText(refusal) : `${refusalText(refusal)}; ${remedy}`;
}

/** How a refusal is answered, and what to do about it. */
export function refusalRow({ refused }: Pick<RefusedRequest, 'refused'>): RefusalRow {
  return REFUSALS[refused];
}

/** Longer paths are cut: whoever sends one shall not fill a log. */
const LONGEST_PATH = 200;

/**
 * The path of a request target, short enough to be shown. It may hold anything, also the token, where somebody typed
 * another character for the `?` before the query.
 *
 * @param token - the listener's own
 */
export function shownPath(target: string, token = ''): string {
  const [whole = ''] = target.split('?', 1);
  const open = token === '' ? whole : whole.replaceAll(token, '…');
  const path = hideToken(open);
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
}

/** Whether a phone may have sent it: none is a browser, or asks as atcom does. */
export function isOfPhone({ refused }: Pick<RefusedRequest, 'refused'>): boolean {
  return refused !== 'foreign-page' && refused !== 'other-user';
}

/** Whether two refusals are the same to whoever reads of them. */
export function refusalKey({ refused, source, path }: RefusedRequest): string {
  return `${refused} ${source} ${path}`;
}
