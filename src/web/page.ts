import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './guard.ts';

/** A file of a page, as built. */
export interface PageFile {
  readonly type: string;
  readonly body: string;
}

/** The files of a page by name; `index.html` is the page itself. */
export type PageFiles = Readonly<Record<string, PageFile>>;

/** Handles a request, or returns false if it is not for this handler. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * A page loads everything from its own origin, runs only its own script files, cannot be framed, and sends no referrer.
 */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/**
 * Serves a page at a path such as `/board`, and its other files below it. Returns false for any other path.
 *
 * @param path - without a trailing slash; `''` for the server's root page
 */
export function servePage(
  files: PageFiles,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const [wanted = ''] = (request.url ?? '').split('?');
  if (wanted !== path && !wanted.startsWith(`${path}/`)) return false;
  const name = wanted.slice(path.length + 1) || 'index.html';
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) return false;
  const { type, body } = file;
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  return true;
}

/** Responds to a refused request. */
export function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  const body = `refused: ${reason}\n`;
  response.writeHead(status, {
    ...PAGE_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="atcom", charset="UTF-8"' } : {}),
  });
  response.end(body);
}

/** Ends a request for a page that an error has prevented. Nothing else may end by it, least of all the server. */
export function failPage(response: ServerResponse, error: unknown): void {
  const reason = `this page cannot be made: ${error instanceof Error ? error.message : String(error)}`;
  if (response.headersSent) response.destroy();
  else refuse(response, { status: 500, reason });
}
