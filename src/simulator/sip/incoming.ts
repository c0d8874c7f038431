import { printable } from '../../errors/visible.ts';
import { unescaped } from '../../protocol/unescaped.ts';
import type { Code } from '../line.ts';
import { isAcceptable } from './media/description.ts';
import type { Invitation } from './sipjs.ts';

/** Extensions that a caller may require of a phone. */
const KNOWN = ['replaces', 'timer'];

/** How a call is turned down that a phone cannot take, before it hears of it; undefined when it can. */
export function refusalOf({
  request,
}: Invitation): { readonly statusCode: Code; readonly extraHeaders?: string[] } | undefined {
  const unknown = unsupported(request.getHeaders('require'));
  if (unknown.length > 0) return { statusCode: 420, extraHeaders: [`Unsupported: ${unknown.join(', ')}`] };
  const { body = '' } = request;
  if (body !== '' && !isAcceptable(body)) return { statusCode: 488 };
  return undefined;
}

function unsupported(required: readonly string[]): readonly string[] {
  const words = required
    .join(',')
    .split(',')
    .map((word) => word.trim().toLowerCase());
  return words.filter((word) => word !== '' && !KNOWN.includes(word));
}

/** The phone is to answer by itself, as PBXes ask for it. */
export function isIntercom({ request }: Invitation): boolean {
  const asked = `${request.getHeader('call-info')} ${request.getHeader('alert-info')}`;
  return /answer-after\s*=\s*0|alert-?auto-?answer/i.test(asked);
}

/** Longer ones are no numbers: they are neither called nor shown whole. */
export const LONGEST_NUMBER = 64;

/** The number in an address, as a person would read it: without what a terminal would take for a command. */
export function numberOf(user = ''): string {
  return printable(unescaped(user)).slice(0, LONGEST_NUMBER);
}
