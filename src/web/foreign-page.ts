/** The headers in which a browser says what a request is for. Phones and scripts send only `host`. */
export interface PageHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly referer?: string | undefined;
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined;
}

/**
 * Whether a page of another site made a browser send a request. A browser lets any page send a GET to any server and
 * only hides the response, so a server that acts on requests has to check this itself.
 */
export function isOfForeignPage({ host, origin, referer, 'sec-fetch-site': site }: PageHeaders): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const page = origin ?? referer;
  return page !== undefined && (!URL.canParse(page) || new URL(page).host !== host?.toLowerCase());
}

/**
 * Whether a browser sent a request. Where a person opened a page that leads elsewhere, the browser says as little of that
 * page as if the person had asked: events, which no browser has, are taken from none. The `fetch` of Node names only a
 * `sec-fetch-mode`, and is no browser.
 */
export function isOfBrowser(headers: PageHeaders): boolean {
  return headers['sec-fetch-site'] !== undefined;
}

/**
 * Whether a `Host` header names anything but this computer. If only this computer can reach a server, that is a page
 * whose name was made to resolve to it (DNS rebinding), which the browser then treats as same-origin.
 *
 * @param own - other hosts that mean this server, in lower case, with a port unless it is the default
 */
export function isForeignHost(host: string | undefined, own?: ReadonlySet<string>): boolean {
  if (host === undefined || own?.has(host.toLowerCase()) === true) return false;
  const url = `http://${host}`;
  return !URL.canParse(url) || !LOOPBACK.test(new URL(url).hostname);
}

/**
 * Whether a `Host` header names what somebody elsewhere could have made to resolve to a server that other computers reach.
 * Nobody can do that to an address, nor to a name of one word, as computers in a local network have.
 *
 * @param own - the name under which this server listens, in lower case
 */
export function isPublicName(host: string | undefined, own?: string): boolean {
  if (host === undefined) return false;
  const url = `http://${host}`;
  if (!URL.canParse(url)) return true;
  const { hostname } = new URL(url);
  return hostname !== own && !/^[\d.]+$|^\[|^[^.]+\.?$/.test(hostname) && !LOOPBACK.test(hostname);
}

/**
 * As URLs write them: the URL parser normalizes every spelling. `[::ffff:127.0.0.1]` is none of them, because browsers do
 * not take it for this computer, and so do not say there which page a request comes from.
 */
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127\.[\d.]+|\[::1\])$/;
