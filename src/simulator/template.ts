import { quote } from '../errors/passwords.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { LONGEST_ACTION_URL } from '../protocol/action-url.ts';
import { hostText, parseAddress } from '../protocol/command-url.ts';
import { hideToken } from '../protocol/token.ts';
import { VARIABLE_DEFINITIONS, type Variable } from '../protocol/variables.ts';

/** The values that a phone inserts for variables. */
export type VariableValues = Readonly<Record<Variable, string>>;

/** An Action URL as entered on the phone's page. */
export interface Template {
  readonly text: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** With its `?`, and variables not yet replaced; empty if there is none. */
  readonly query: string;
}

/**
 * Parses an Action URL. Path and query are kept exactly as written, which the URL class would not do.
 *
 * @throws {AtcomError} `usage`; it does not repeat a password
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
  return new AtcomError('usage', {
    reason: `${quote(hideToken(text))} ${reason}`,
    hint: 'give one such as http://127.0.0.1:8088, http or https, blanks as %20, no user, no #',
  });
}

/** The longest name first, so that no name is mistaken for the start of another. */
const NAMES = VARIABLE_DEFINITIONS.map(({ name }) => name).sort((a, b) => b.length - a.length);
const VARIABLE = new RegExp(`\\$(?:(${NAMES.join('|')})|[A-Za-z_]\\w*)`, 'g');

/**
 * Replaces `$name` as phones do: with the raw value (`mac=80:82:87:04:6B:C2`), or with nothing for an unknown name and
 * for the document's misspellings (its capture: `action_url=`). No capture shows what a phone does with a line break in
 * a display name; that it never ends the request line is our choice.
 */
export function expand(query: string, values: VariableValues): string {
  const known: Readonly<Partial<Record<string, string>>> = values;
  return query
    .replace(VARIABLE, (_, name: string | undefined) => (name === undefined ? '' : (known[name] ?? '')))
    .replace(/\p{Cc}/gu, '');
}

/**
 * A phone's request, HTTP/1.0 as in the captures. Variables are replaced only in the query: "each variable value starts
 * with $ in the query part of the URL".
 */
export function requestText({ secure, host, port, path, query }: Template, values: VariableValues): string {
  const authority = hostText({ scheme: secure ? 'https' : 'http', host, port });
  return `GET ${path}${expand(query, values)} HTTP/1.0\r\nHost: ${authority}\r\n\r\n`;
}
