import type { IncomingMessage } from 'node:http';
import { readBody } from '../body.ts';
import type { Desk } from '../desk.ts';
import { html, type PhoneReply } from '../reply.ts';
import type { Identity } from '../values.ts';
import { newWebLock } from './lock.ts';
import { type ServedPage, webPagesOf } from './pages.ts';
import { type VariantDefinition, WEB_VARIANTS, type WebVariant } from './variants.ts';

/** The settings of a virtual phone's web pages. */
export interface WebOptions {
  /** `admin` by default. */
  readonly user?: string | undefined;
  /** Requested with HTTP Digest; without a password, everyone may read and write. */
  readonly password?: string | undefined;
  /** How the pages differ from the public firmware. */
  readonly variant?: WebVariant | undefined;
}

/** Their path. */
export const WEB_CGI = '/cgi-bin/web_cgi_main.cgi';

/** All 42 fields at maximum length, escaped. */
const LARGEST_FORM = 64 * 1024;

/** The code in the reply to a write that the phone's own page treats as success. */
const DONE = 0;
const FAILED = 1;
const SAME = 3;
const IN_CALL = 4;
const INVALID = 5;

/** Serves the CGI behind the phone's web pages: `?<command>`, and for a write a body of `field=value&…&<command>`. */
export function newWebCgi(desk: Desk, identity: Identity, { user = 'admin', password, variant }: WebOptions) {
  const lock = password === undefined ? undefined : newWebLock({ user, password });
  const play: VariantDefinition = variant === undefined ? { what: '' } : WEB_VARIANTS[variant];
  const pages = new Map([...webPagesOf(desk, identity)].map(([name, page]) => [name, playing(page, play)]));
  return async (req: IncomingMessage, command: string): Promise<PhoneReply> => {
    const { method = '', url = '', headers } = req;
    const form = method === 'POST' ? await readBody(req, LARGEST_FORM) : '';
    const refused = lock?.refuse(method, url, headers.authorization);
    if (refused !== undefined) return refused;
    if (form === undefined) return code(FAILED, 'too long');
    const writes = /^\w+_set_/.test(command);
    const reply = writes ? write(desk, pages, command, form) : read(pages, command, method, form);
    return play.reply?.(reply, { method, writes }) ?? reply;
  };
}

function read(
  pages: ReadonlyMap<string, ServedPage>,
  command: string,
  method: string,
  form: string,
): PhoneReply {
  const page = pages.get(command);
  if (page === undefined || (method === 'POST' && form !== command)) return code(FAILED, 'unknown command');
  return html(JSON.stringify(page.read()));
}

function write(
  desk: Desk,
  pages: ReadonlyMap<string, ServedPage>,
  command: string,
  form: string,
): PhoneReply {
  const page = pages.get(command.replace('_set_', '_get_'));
  const parts = form.split('&');
  if (page?.write === undefined || parts.pop() !== command) return code(FAILED, 'unknown command');
  if (desk.station.handset.calls.length > 0) return code(IN_CALL, 'The phone is in a call');
  const fields = Object.fromEntries(new URLSearchParams(parts.join('&')));
  const before = page.read();
  const unknown = Object.keys(fields).some((name) => !Object.hasOwn(before, name));
  if (unknown) return code(INVALID, 'no such field');
  if (Object.entries(fields).every(([name, value]) => before[name] === value)) return code(SAME, '');
  const wrong = page.write(fields);
  return wrong === undefined ? code(DONE, '') : code(INVALID, wrong);
}

function code(return_code: number, return_prompt: string): PhoneReply {
  return html(JSON.stringify({ return_code, return_prompt }));
}

/** A page as modified by a variant. */
function playing(
  page: ServedPage,
  { rename = (name) => name, extra, forgets, clears }: VariantDefinition,
): ServedPage {
  const { write } = page;
  const beside: Record<string, string> = { ...(write === undefined ? {} : extra) };
  const all = () => ({ ...page.read(), ...beside });
  const read = () => Object.fromEntries(Object.entries(all()).map(([name, value]) => [rename(name), value]));
  if (write === undefined) return { read };
  return {
    read,
    write(fields) {
      if (forgets) return undefined;
      const missing = clears ? '' : undefined;
      const sent = Object.keys(all()).flatMap((name) => {
        const value = fields[rename(name)] ?? missing;
        return value === undefined ? [] : [[name, value] as const];
      });
      const own = sent.filter(([name]) => !Object.hasOwn(beside, name));
      for (const [name, value] of sent) if (Object.hasOwn(beside, name)) beside[name] = value;
      return write(Object.fromEntries(own));
    },
  };
}
