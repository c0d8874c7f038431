/** The headers by which a browser tells what a request is for; phones and scripts send none of them but `host`. */
export interface PageHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly referer?: string | undefined;
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined;
}

/**
 * Whether a page of another site made a browser send a request. A browser lets every page send a GET to anywhere, and
 * keeps only the answer from it; so whatever acts on a request has to look for itself.
 */
export function isOfForeignPage({ host, origin, referer, 'sec-fetch-site': site }: PageHeaders): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const page = origin ?? referer;
  return page !== undefined && (!URL.canParse(page) || new URL(page).host !== host?.toLowerCase());
}

/**
 * Whether a `Host` header names something else than this computer. Where only this computer can reach a server, that is
 * a page whose name leads here for a while (DNS rebinding), which makes it look to the browser like one of the server.
 *
 * @param own - other hosts that mean the server, in lower case, with their port where it is not the usual one
 */
export function isForeignHost(host: string | undefined, own?: ReadonlySet<string>): boolean {
  if (host === undefined || own?.has(host.toLowerCase()) === true) return false;
  const url = `http://${host}`;
  return !URL.canParse(url) || !LOOPBACK.test(new URL(url).hostname);
}

/** As URLs write them, which knows one spelling of each. */
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127\.[\d.]+|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/;
