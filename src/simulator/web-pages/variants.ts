import { html, type PhoneReply } from '../reply.ts';

/** How the web pages of a phone may differ from the public firmware. */
export interface VariantDefinition {
  readonly what: string;
  /** The name under which a field is sent, and expected back. */
  readonly rename?: (field: string) => string;
  /** Additional fields next to those that can be changed. */
  readonly extra?: Readonly<Record<string, string>>;
  /** It claims success, but stores nothing. */
  readonly forgets?: true;
  /** Fields that are not sent are cleared. */
  readonly clears?: true;
  /** A replacement for the reply. */
  readonly reply?: (
    reply: PhoneReply,
    request: { readonly method: string; readonly writes: boolean },
  ) => PhoneReply;
}

/** None of them was observed on a phone: they are what a program that sets up phones must survive. */
export const WEB_VARIANTS = {
  'other-names': { what: 'fields have other names', rename: (field) => `P${[...field].reduce(hash, 7)}` },
  'other-case': { what: 'field names are in lower case', rename: (field) => field.toLowerCase() },
  'no-get': {
    what: 'reading requires a POST',
    reply: (reply, { method }) => (method === 'GET' ? html('Method Not Allowed', 405) : reply),
  },
  html: { what: 'a web page instead of JSON', reply: () => html('<html><body>Please log in</body></html>') },
  empty: { what: 'a response without a body', reply: () => html('') },
  truncated: {
    what: 'responses are cut short',
    reply: (reply) => bodyOf(reply, (body) => body.slice(0, Math.floor(body.length / 2))),
  },
  nested: { what: 'fields are nested deeper', reply: (reply) => bodyOf(reply, (body) => `{"data":${body}}`) },
  'text-codes': {
    what: 'return codes are strings',
    reply: (reply) => bodyOf(reply, (body) => body.replace(/("return_code":\s*)(-?\d+)/, '$1"$2"')),
  },
  'other-user': {
    what: 'another user has taken over the page',
    reply: (reply) => bodyOf(reply, () => '{"webUserChange":"1"}'),
  },
  'two-lists': { what: 'two fields could be the allow list', extra: { cstaIPList: '' } },
  masked: { what: 'a password is masked, and stored as it is sent', extra: { cstaPassword: '******' } },
  clears: { what: 'fields that are not sent are emptied', clears: true, extra: { actionTimeout: '5' } },
  forgets: { what: 'it reports success, but stores nothing', forgets: true },
  silent: {
    what: 'it stores, then closes the connection without a response',
    reply: (reply, { writes }) => (writes ? 'close' : reply),
  },
  invalid: {
    what: 'no value is accepted',
    forgets: true,
    reply: (reply, { writes }) =>
      writes ? bodyOf(reply, () => '{"return_code":409,"return_prompt":"Invalid"}') : reply,
  },
} as const satisfies Readonly<Record<string, VariantDefinition>>;

/** The name of a variant. */
export type WebVariant = keyof typeof WEB_VARIANTS;

/** The names of all of them. */
export const WEB_VARIANT_NAMES = Object.keys(WEB_VARIANTS) as readonly WebVariant[];

function hash(sum: number, letter: string): number {
  return (sum * 31 + letter.charCodeAt(0)) % 99_991;
}

function bodyOf(reply: PhoneReply, change: (body: string) => string): PhoneReply {
  return typeof reply === 'string' ? reply : { ...reply, body: change(reply.body) };
}
