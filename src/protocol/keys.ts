import { AtcomError } from '../errors.ts';
import { type KeyFamily, MODELS, MOST_KEYS, type Model } from './models.ts';
import { closest } from './suggest.ts';

/** One row of the document's table of keys. */
export interface KeyDefinition {
  /** The token that is sent; for a numbered key, without the number. */
  readonly token: Uppercase<string>;
  /** For numbered keys such as `LINEKEY1`: the family, whose size depends on the model. */
  readonly family?: KeyFamily;
  /** A second spelling that is sent as typed, because an example in the document sends it. */
  readonly alsoSent?: Uppercase<string>;
  /** The document's other spellings: accepted from users, sent as `token`. */
  readonly aliases?: readonly Uppercase<string>[];
  readonly group: KeyGroup;
  /** The document's words. */
  readonly description: string;
  /** Pressing it takes the phone out of service, so the user has to confirm it; a script needs `--yes`. */
  readonly destructive?: true;
}

export type KeyGroup =
  | 'confirm'
  | 'keypad'
  | 'audio'
  | 'soft'
  | 'line'
  | 'memory'
  | 'navigation'
  | 'feature'
  | 'call';

/**
 * Every key a phone understands ("Active URI", table of keys). Types, parsing, suggestions, help, docs/keys.md and the
 * virtual phones follow from these rows.
 */
export const KEYS = [
  { token: 'OK', aliases: ['F_OK', 'ENTER', 'F_ENTER'], group: 'confirm', description: 'Press the OK key' },
  {
    token: 'CANCEL',
    aliases: ['F_CANCEL', 'F_X', 'X'],
    group: 'confirm',
    description: 'Return to the previous screen or cancel a call',
  },
  { token: 'RELEASE', group: 'confirm', description: 'Back to the main screen' },
  { token: 'UN_DIAL', group: 'confirm', description: 'Cancel the pre-dial status' },
  { token: 'POUND', group: 'keypad', description: 'Press # on the keypad' },
  { token: 'VOLUME_UP', aliases: ['VOL_UP'], group: 'audio', description: 'Increase the volume' },
  { token: 'VOLUME_DOWN', aliases: ['VOL_DOWN'], group: 'audio', description: 'Decrease the volume' },
  { token: 'MUTE', aliases: ['F_MUTE'], group: 'audio', description: 'Press the mute key' },
  { token: 'HEADSET', group: 'audio', description: 'Press the headset key' },
  { token: 'SPEAKER', group: 'audio', description: 'Press the speaker key' },
  // The document's example of answering sends SFK1.
  { token: 'SOFTKEY', family: 'softkeys', alsoSent: 'SFK', group: 'soft', description: 'Press a soft key' },
  // In one place, the document prints LIKEKEY5 for LINEKEY5.
  {
    token: 'LINEKEY',
    family: 'lineKeys',
    aliases: ['LK', 'LIKEKEY'],
    group: 'line',
    description: 'Press a line key',
  },
  {
    token: 'MEMORY_KEY',
    family: 'memoryKeys',
    aliases: ['MK'],
    group: 'memory',
    description: 'Press a memory key',
  },
  { token: 'MENU', aliases: ['F_MENU'], group: 'navigation', description: 'Press the menu key' },
  { token: 'UP', aliases: ['F_UP'], group: 'navigation', description: 'Press the navigation key up' },
  { token: 'DOWN', aliases: ['F_DOWN'], group: 'navigation', description: 'Press the navigation key down' },
  { token: 'LEFT', aliases: ['F_LEFT'], group: 'navigation', description: 'Press the navigation key left' },
  {
    token: 'RIGHT',
    aliases: ['F_RIGHT'],
    group: 'navigation',
    description: 'Press the navigation key right',
  },
  { token: 'STATUS', group: 'navigation', description: 'Enter the phone status' },
  { token: 'DIRECTORY', group: 'navigation', description: 'Enter the directory list' },
  { token: 'PHONEBOOK', aliases: ['PBOOK'], group: 'navigation', description: 'Enter the contact list' },
  {
    token: 'REMOTEPHONEBOOK',
    aliases: ['REBOOK'],
    group: 'navigation',
    description: 'Enter the remote phone book, if it is enabled',
  },
  { token: 'LDAP', group: 'navigation', description: 'Enter the LDAP list, if it is enabled' },
  { token: 'HISTORY', aliases: ['CALLERS'], group: 'navigation', description: 'Enter the call history' },
  { token: 'MESSAGE', aliases: ['MEG'], group: 'navigation', description: 'Press the voice mail key' },
  { token: 'DND', group: 'feature', description: 'Enter the do-not-disturb feature' },
  { token: 'DND_ON', group: 'feature', description: 'Enable do-not-disturb' },
  { token: 'DND_OFF', group: 'feature', description: 'Disable do-not-disturb' },
  {
    token: 'STATIC_FORWARD',
    aliases: ['SFORWARD'],
    group: 'feature',
    description: 'Enter the call forward feature',
  },
  { token: 'SPEEDDIAL', aliases: ['SDIAL'], group: 'feature', description: 'Press the speed dial key' },
  { token: 'BLF', group: 'feature', description: 'Press the BLF key' },
  { token: 'DTMF', group: 'feature', description: 'Press the DTMF key' },
  { token: 'PREFIX', group: 'feature', description: 'Press the prefix key' },
  { token: 'PARK', group: 'feature', description: 'Press the call park key' },
  { token: 'CALL_RETURN', group: 'feature', description: 'Press the call return key' },
  { token: 'INTERCOM', group: 'feature', description: 'Press the intercom key' },
  { token: 'DIRECT_PICKUP', aliases: ['DPICKUP'], group: 'feature', description: 'Press the pick up key' },
  { token: 'REDIAL', group: 'feature', description: 'Press the redial key' },
  { token: 'REBOOT', group: 'feature', description: 'Reboot the phone', destructive: true },
  // The document's examples send both, for different ways to call.
  { token: 'DIAL', alsoSent: 'SEND', group: 'call', description: 'Start to dial' },
  { token: 'ANSWER', group: 'call', description: 'Answer the incoming call' },
  { token: 'REJECT', group: 'call', description: 'Reject the incoming call' },
  {
    token: 'DYNAMIC_FORWARD',
    aliases: ['DFOWARD'],
    group: 'call',
    description: 'Forward the incoming call',
  },
  // Only in one of the document's examples ("Forward the incoming call"), not in its table.
  { token: 'FORWARD', group: 'call', description: 'Forward the incoming call, as illustrated' },
  { token: 'HOLD', group: 'call', description: 'Hold the call' },
  { token: 'RESUME', group: 'call', description: 'Resume the held call' },
  { token: 'TRANSFER', group: 'call', description: 'Press the transfer key in a call' },
  { token: 'BLIND', group: 'call', description: 'Press the blind transfer key' },
  { token: 'CONFERENCE', group: 'call', description: 'Press the conference key in a call' },
  { token: 'JOIN', group: 'call', description: 'Press the join key to start the conference' },
  { token: 'SPLIT', group: 'call', description: 'Press the split key in a conference' },
  { token: 'NEWCALL', group: 'call', description: 'Press the new call key in a call' },
  { token: 'ENDCALL', group: 'call', description: 'End the call' },
  { token: 'FLASH_CALL', aliases: ['FCALL'], group: 'call', description: 'Switch quickly between two calls' },
] as const satisfies readonly KeyDefinition[];

type Row = (typeof KEYS)[number];
type UpTo<N extends number, Seen extends unknown[] = []> = Seen['length'] extends N
  ? Seen['length']
  : Seen['length'] | UpTo<N, [...Seen, unknown]>;
/** `2 | 4` becomes `1 | 2 | 3 | 4`. */
type OneTo<N extends number> = N extends number ? Exclude<UpTo<N>, 0> : never;
type Sent<R> = R extends { token: infer T extends string }
  ? T | (R extends { alsoSent: infer S extends string } ? S : never)
  : never;
type Alias<R> = R extends { aliases: readonly (infer A extends string)[] } ? A : never;
type Numbered<R, Spelling extends string, M extends Model> = R extends { family: infer F extends KeyFamily }
  ? `${Spelling}${OneTo<(typeof MODELS)[M][F]>}`
  : Spelling;
type TokensOf<R, M extends Model> = R extends Row ? Numbered<R, Sent<R>, M> : never;
type SpellingsOf<R, M extends Model> = R extends Row ? Numbered<R, Sent<R> | Alias<R>, M> : never;

/** A key as it is sent, such as `SEND` or `LINEKEY2`. With a model, only the keys of that model. */
export type KeyToken<M extends Model = Model> = TokensOf<Row, M>;

/** A key in any spelling of the document, such as `VOL_UP` for `VOLUME_UP`. */
export type KeySpelling<M extends Model = Model> = SpellingsOf<Row, M>;

/** What a spelling stands for: the token that is sent, its row, and the number of a numbered key. */
export interface KeyMatch {
  readonly token: KeyToken;
  readonly definition: KeyDefinition;
  readonly number?: number;
}

/** The rows, typed as definitions. */
export const KEY_DEFINITIONS: readonly KeyDefinition[] = KEYS;

let spellings: ReadonlyMap<string, KeyMatch> | undefined;

/** What each spelling stands for; made for the first key, which many runs do not have. */
function allSpellings(): ReadonlyMap<string, KeyMatch> {
  spellings ??= readSpellings();
  return spellings;
}

function readSpellings(): ReadonlyMap<string, KeyMatch> {
  const found = new Map<string, KeyMatch>();
  for (const definition of KEY_DEFINITIONS) {
    const { token, alsoSent, aliases = [], family } = definition;
    const add = (spelling: string, sent: string) => {
      if (family === undefined) found.set(spelling, { token: sent as KeyToken, definition });
      else
        for (const number of oneTo(MOST_KEYS[family]))
          found.set(`${spelling}${number}`, { token: `${sent}${number}` as KeyToken, definition, number });
    };
    add(token, token);
    if (alsoSent !== undefined) add(alsoSent, alsoSent);
    for (const alias of aliases) add(alias, token);
  }
  return found;
}

function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** How many keys of a family a model has; without a model, the maximum of all models. */
function sizeOf(family: KeyFamily, model: Model | undefined): number {
  return (model === undefined ? MOST_KEYS : MODELS[model])[family];
}

/** Finds a key by any spelling, ignoring case. */
export function findKey(text: string): KeyMatch | undefined {
  return allSpellings().get(text.toUpperCase());
}

/**
 * Parses the name of a key, and returns it as it is sent.
 *
 * @param text - any of the document's spellings, in any case
 * @param model - the phone's model; without it, every key in the document is accepted
 * @throws {AtcomError} `unknown-key`, with suggestions; `key-not-on-model`, with the keys that the model has
 * @example
 * ```ts
 * import { parseKey } from 'atcom';
 * parseKey('vol_up'); // 'VOLUME_UP'
 * parseKey('LK2', 'A21'); // 'LINEKEY2'
 * ```
 */
export function parseKey(text: string, model?: Model): KeyToken {
  const match = findKey(text);
  if (match !== undefined && isOn(model, match)) return match.token;
  const family = match?.definition ?? familyOf(text);
  if (family?.family !== undefined) {
    throw new AtcomError('key-not-on-model', {
      key: text.toUpperCase(),
      model,
      has: rangeText(family, model),
    });
  }
  const there = [...allSpellings()].flatMap(([spelling, candidate]) =>
    isOn(model, candidate) ? [spelling] : [],
  );
  throw new AtcomError('unknown-key', { input: text, suggestions: closest(text, there) });
}

/** Whether a model has a key. Every model has all keys without a number. */
function isOn(model: Model | undefined, { definition: { family }, number = 0 }: KeyMatch): boolean {
  return family === undefined || number <= sizeOf(family, model);
}

/** Finds the row for a known name with a wrong number: `LINEKEY9`, or `LINEKEY` alone. */
function familyOf(text: string): KeyDefinition | undefined {
  const name = text.toUpperCase().replace(/(?<!\d)\d+$/, '');
  return KEY_DEFINITIONS.find(
    ({ family, token, alsoSent, aliases }) =>
      family !== undefined && [token, alsoSent, ...(aliases ?? [])].includes(name as Uppercase<string>),
  );
}

/** The keys of a family on a model, as text: `LINEKEY1–2`, `LINEKEY1`, `no MEMORY_KEY`. */
export function rangeText({ token, family }: KeyDefinition, model?: Model): string {
  const size = family === undefined ? 0 : sizeOf(family, model);
  if (family === undefined) return token;
  if (size === 0) return `no ${token}`;
  return size === 1 ? `${token}1` : `${token}1–${size}`;
}

/** All keys of a model as they are sent, in the order of the table; without a model, all keys. */
export function keysOf<M extends Model = Model>(model?: M): readonly KeyToken<M>[] {
  return KEY_DEFINITIONS.flatMap(({ token, family }) =>
    family === undefined ? [token] : oneTo(sizeOf(family, model)).map((number) => `${token}${number}`),
  ) as KeyToken<M>[];
}
