import { DEFAULT_PATH, type Endpoint, originOf } from '../protocol/command-url.ts';
import { type Model, parseModel } from '../protocol/models.ts';
import { runFleet } from './run-fleet.ts';

/** What a web server answered, as far as it came. */
export interface Page {
  readonly status: number;
  /** The status line and the headers, as they came. */
  readonly head: string;
  readonly body: string;
}

/** Fetches one page and follows no redirect; undefined when nothing answered in time. Never throws. */
export type Get = (endpoint: Endpoint, path: string, timeout: number) => Promise<Page | undefined>;

/** The page of every phone. */
export const FIRST_PAGE = '/';

/**
 * Where the vendor's own page asks whether the phone is up: beside `server.cgi`, whose program answers, and without a
 * key. `server.cgi` itself is left alone: the first request from a listed address makes the phone ask "Allow Remote
 * Control?", and nobody wants that on every desk.
 */
export const HARMLESS_PAGE = '/cgi-bin/server_test.cgi';

/** No phone has it: what answers here as well answers everywhere, and says nothing of phones. */
const NO_PAGE = '/cgi-bin/no-such-page.cgi';

/** What the program behind a control path answers; 404 would be a web server without it. */
const REPLIES: readonly number[] = [200, 400, 401, 403];

/** A phone, or what looks like one. */
export interface Find {
  readonly endpoint: Endpoint;
  /** Where the title names one that is known. */
  readonly model?: Model;
  /** What made it a phone: the title, the realm or the name of the server, as the network sent it. */
  readonly hint?: string;
  /** `sure`: the title says ATCOM and the harmless page replied; `maybe`: less than that. */
  readonly certainty: 'sure' | 'maybe';
}

/** What a search came to. */
export interface Discovery {
  /** In the order of the addresses. */
  readonly finds: readonly Find[];
  /** Where an address without a sign of a phone led to https on the same host, and nobody looked. */
  readonly redirects: readonly Endpoint[];
  /** Addresses where the search came to its end; fewer than there are when it was stopped. */
  readonly searched: number;
  /** Addresses with a web server. */
  readonly answered: number;
}

/** How a search goes. */
export interface DiscoverOptions {
  readonly get: Get;
  /** 443 is asked over https, every other over http. */
  readonly ports: readonly number[];
  /** For one page, in milliseconds. */
  readonly timeout: number;
  readonly jobs?: number | undefined;
  /** Ends the search with what was found. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each address, with what was found there. */
  readonly onSearched?: ((finds: readonly Find[]) => void) | undefined;
}

/** Asks addresses, many side by side, for phones; presses no key, and makes one connection at a time to each. */
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
  // By origin: where a redirect led is looked at again when its port is asked, too.
  const finds = new Map<string, Find>();
  const redirects = new Map<string, Endpoint>();
  let answered = false;
  const endpoints = endpointsOf(address, ports);
  for (const endpoint of endpoints) {
    // A phone has one web server: what was found over http is not listed a second time.
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

/** As a word: not Datacom, and not the middle of another name. */
function isAtcom(text = ''): boolean {
  return /(?<![a-z])atcom(?![a-z])/i.test(text);
}

/** The first title, on one line; cut where no title is that long, so that no page can keep this busy. */
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

/** By characters, so that none is cut in two. */
function cut(text: string): string {
  return Array.from(text).slice(0, 80).join('');
}

/** `ATCOM A48W` names an A48; a model of another make, or a new one, is none that is known here. */
function modelIn(title = ''): { readonly model?: Model } {
  const [name] = /(?<![a-z0-9])a\d[0-9x](?![0-9])/i.exec(title) ?? [];
  try {
    return name === undefined ? {} : { model: parseModel(name) };
  } catch {
    return {};
  }
}

/** Where a redirect leads, when that is https on the same host. */
function redirectOf(page: Page, { host, path }: Endpoint): Endpoint | undefined {
  const location = header(page, 'location') ?? '';
  if (page.status < 300 || page.status > 399 || !URL.canParse(location)) return undefined;
  const { protocol, hostname, port } = new URL(location);
  if (protocol !== 'https:' || hostname !== host) return undefined;
  return { scheme: 'https', host, port: port === '' ? undefined : Number(port), path };
}
