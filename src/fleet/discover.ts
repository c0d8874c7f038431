import { DEFAULT_PATH, type Endpoint, originOf } from '../protocol/command-url.ts';
import { type Model, parseModel } from '../protocol/models.ts';
import { runFleet } from './run-fleet.ts';

/** A web server's response, possibly incomplete. */
export interface Page {
  readonly status: number;
  /** The unchanged status line and headers. */
  readonly head: string;
  readonly body: string;
}

/**
 * Fetches one page without following redirects; undefined if there was no response in time, or none with the certificate
 * that is pinned. Never throws.
 */
export type Get = (
  endpoint: Endpoint,
  path: string,
  timeout: number,
  fingerprint?: string,
) => Promise<Page | undefined>;

/** The page that every phone has. */
export const FIRST_PAGE = '/';

/**
 * Where the vendor's web page asks whether the phone is up. It presses no key. `server.cgi` itself is not requested:
 * the first request from an allowed address makes the phone ask "Allow Remote Control?", which nobody wants on every
 * desk.
 */
export const HARMLESS_PAGE = '/cgi-bin/server_test.cgi';

/** No phone has this page. A server that answers here answers everywhere, which proves nothing. */
const NO_PAGE = '/cgi-bin/no-such-page.cgi';

/** The status codes of the program behind a control path; a web server without it answers 404. */
const REPLIES: readonly number[] = [200, 400, 401, 403];

/** A phone, or something that looks like one. */
export interface Find {
  readonly endpoint: Endpoint;
  /** Its model, if the title names a known one. */
  readonly model?: Model;
  /** The evidence as the network sent it: the title, the realm or the server name. */
  readonly hint?: string;
  /** `sure`: the title says ATCOM, and the harmless page answered; `maybe`: anything less. */
  readonly certainty: 'sure' | 'maybe';
}

/** The result of a search. */
export interface Discovery {
  /** In the order of the addresses. */
  readonly finds: readonly Find[];
  /** Redirects to https on the same host that were not followed, from addresses that show no sign of a phone. */
  readonly redirects: readonly Endpoint[];
  /** How many addresses were searched; fewer than all if the search was aborted. */
  readonly searched: number;
  /** How many addresses run a web server. */
  readonly answered: number;
}

/** The options of a search. */
export interface DiscoverOptions {
  readonly get: Get;
  /** 443 uses https, every other port http. */
  readonly ports: readonly number[];
  /** The timeout for one page, in milliseconds. */
  readonly timeout: number;
  readonly jobs?: number | undefined;
  /** Aborts the search and keeps what was found. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each address, with what was found there. */
  readonly onSearched?: ((finds: readonly Find[]) => void) | undefined;
}

/** Searches many addresses at the same time for phones. Presses no key, and opens one connection at a time to each. */
export async function discover(addresses: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const search = async (address: string) => {
    const result = await searchAddress(address, options);
    options.onSearched?.(result.finds);
    return result;
  };
  const { jobs, signal } = options;
  const results = await runFleet(addresses, search, () => false, { jobs, signal });
  const done = results.filter((result) => result !== undefined);
  return {
    finds: done.flatMap(({ finds }) => finds),
    redirects: done.flatMap(({ redirects }) => redirects),
    searched: done.filter(({ complete }) => complete).length,
    answered: done.filter(({ answered }) => answered).length,
  };
}

/** The endpoints of an address. */
export function endpointsOf(address: string, ports: readonly number[]): readonly Endpoint[] {
  return ports.map((port) => ({
    scheme: port === 443 ? 'https' : 'http',
    host: address,
    port,
    path: DEFAULT_PATH,
  }));
}

async function searchAddress(address: string, { get, ports, timeout, signal }: DiscoverOptions) {
  // By origin, because a redirect can lead to a port that is searched anyway.
  const finds = new Map<string, Find>();
  const redirects = new Map<string, Endpoint>();
  let answered = false;
  const endpoints = endpointsOf(address, ports);
  for (const endpoint of endpoints) {
    // A phone has one web server, so it is not listed again for https.
    const known = [...finds.values()].some((find) => find.endpoint.scheme === 'http');
    if (signal?.aborted === true || (known && endpoint.scheme === 'https')) continue;
    const page = await get(endpoint, FIRST_PAGE, timeout);
    if (page === undefined) continue;
    answered = true;
    const find = await judge(page, endpoint, (path) => get(endpoint, path, timeout));
    if (find === undefined) continue;
    const origin = originOf(find.endpoint);
    if ('certainty' in find) finds.set(origin, find);
    else if (!endpoints.some((asked) => originOf(asked) === origin)) redirects.set(origin, find.endpoint);
  }
  return {
    finds: [...finds.values()],
    redirects: [...redirects.values()],
    complete: signal?.aborted !== true,
    answered,
  };
}

type PageFinding = Find | { readonly endpoint: Endpoint } | undefined;

async function judge(
  page: Page,
  endpoint: Endpoint,
  get: (path: string) => Promise<Page | undefined>,
): Promise<PageFinding> {
  const title = titleOf(page);
  const named = isAtcom(title);
  const hint = named ? title : [realmOf(page), header(page, 'server')].find(isAtcom);
  const found = { ...(named ? modelIn(title) : {}), ...(hint === undefined ? {} : { hint }) };
  const secure = redirectOf(page, endpoint);
  if (secure !== undefined) {
    return hint === undefined ? { endpoint: secure } : { endpoint: secure, ...found, certainty: 'maybe' };
  }
  const replied = replies(await get(HARMLESS_PAGE));
  if (hint !== undefined) return { endpoint, ...found, certainty: named && replied ? 'sure' : 'maybe' };
  const nowhere = replied ? await get(NO_PAGE) : undefined;
  return nowhere === undefined || replies(nowhere) ? undefined : { endpoint, certainty: 'maybe' };
}

function replies(page: Page | undefined): boolean {
  return page !== undefined && REPLIES.includes(page.status);
}

/** As a whole word, so that Datacom does not match. */
function isAtcom(text = ''): boolean {
  return /(?<![a-z])atcom(?![a-z])/i.test(text);
}

/** The first title, on one line. The length limit keeps hostile pages from wasting time here. */
function titleOf({ body }: Page): string | undefined {
  const [, title] = /<title\b[^<>]{0,200}>([^<]{0,500})/i.exec(body) ?? [];
  return title === undefined ? undefined : cut(title.replace(/\s+/g, ' ').trim());
}

function realmOf(page: Page): string | undefined {
  return /\brealm="?([^",]*)/i.exec(header(page, 'www-authenticate') ?? '')?.[1];
}

function header({ head }: Page, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, 'im').exec(head) ?? [];
  return value === undefined ? undefined : cut(value.trim());
}

/** Truncates without splitting a character. */
function cut(text: string): string {
  return Array.from(text).slice(0, 80).join('');
}

/** `ATCOM A48W` is an A48. Models of other vendors and new ones are unknown. */
function modelIn(title = ''): { readonly model?: Model } {
  const [name] = /(?<![a-z0-9])a\d[0-9x](?![0-9])/i.exec(title) ?? [];
  try {
    return name === undefined ? {} : { model: parseModel(name) };
  } catch {
    return {};
  }
}

/** The target of a redirect, if it is https on the same host. */
function redirectOf(page: Page, { host, path }: Endpoint): Endpoint | undefined {
  const location = header(page, 'location') ?? '';
  if (page.status < 300 || page.status > 399 || !URL.canParse(location)) return undefined;
  const { protocol, hostname, port } = new URL(location);
  if (protocol !== 'https:' || hostname !== host) return undefined;
  return { scheme: 'https', host, port: port === '' ? undefined : Number(port), path };
}
