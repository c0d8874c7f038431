import { AtcomError, isAtcomError } from '../errors.ts';
import { LONGEST_ACTION_URL } from '../protocol/action-url.ts';
import { hostText, parseAddress } from '../protocol/command-url.ts';
import { VARIABLE_DEFINITIONS, type Variable } from '../protocol/variables.ts';

/** What a phone puts in for each variable. */
export type VariableValues = Readonly<Record<Variable, string>>;

/** An Action URL as it is entered on the phone's page. */
export interface Template {
  readonly text: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** With its `?`, variables not yet replaced; empty when there is none. */
  readonly query: string;
}

/**
 * Reads an Action URL. Its path and query are kept letter for letter, because no class of URLs would.
 *
 * @throws {AtcomError} `usage`; a password in it is not repeated
 */
export function parseTemplate(text: string): Template {
  if (text.length > LONGEST_ACTION_URL) throw unusable(text, `is longer than ${LONGEST_ACTION_URL} letters`);
  // Printable ASCII only: nothing that could end the request line.
  const match = /^(https?):\/\/([^/?#]+)(\/[!-~]*?)?(\?[!-~]*)?$/i.exec(text.includes('#') ? '' : text);
  if (match === null) throw unusable(text, 'is no Action URL');
  const [, scheme = '', authority = '', path = '/', query = ''] = match;
  const secure = scheme.toLowerCase() === 'https';
  const { host, port = secure ? 443 : 80 } = addressOf(text, `${scheme}://${authority}`);
  return { text, secure, host, port, path, query };
}

function addressOf(text: string, origin: string) {
  try {
    return parseAddress(origin);
  } catch (error) {
    if (isAtcomError(error)) throw unusable(text, 'has no usable host');
    throw error;
  }
}

function unusable(text: string, reason: string): AtcomError {
  const shown = text.replace(/\/\/.*@/s, '//…@');
  return new AtcomError('usage', {
    reason: `${JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown)} ${reason}`,
    hint: 'give one such as http://127.0.0.1:8088, http or https, blanks as %20, no user, no #',
  });
}

/** The longest name first, so that no name is taken for the beginning of another. */
const NAMES = VARIABLE_DEFINITIONS.map(({ name }) => name).sort((a, b) => b.length - a.length);
const VARIABLE = new RegExp(`\\$(?:(${NAMES.join('|')})|[A-Za-z_]\\w*)`, 'g');

/**
 * Replaces `$name` as phones do: the value as it is, nothing escaped (`mac=80:82:87:04:6B:C2`); nothing for an unknown
 * name, nor for the slips of the document (its capture: `action_url=`). What no capture shows is what a phone does
 * with a line break in a display name; that it never ends the request line is our choice.
 */
export function expand(query: string, values: VariableValues): string {
  const known: Readonly<Partial<Record<string, string>>> = values;
  return query
    .replace(VARIABLE, (_, name: string | undefined) => (name === undefined ? '' : (known[name] ?? '')))
    .replace(/\p{Cc}/gu, '');
}

/**
 * The request of a phone, HTTP/1.0 as in the captures. Variables count in the query alone: "each variable value starts
 * with $ in the query part of the URL".
 */
export function requestText({ secure, host, port, path, query }: Template, values: VariableValues): string {
  const authority = hostText({ scheme: secure ? 'https' : 'http', host, port });
  return `GET ${path}${expand(query, values)} HTTP/1.0\r\nHost: ${authority}\r\n\r\n`;
}
