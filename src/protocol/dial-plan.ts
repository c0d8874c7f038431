import { AtcomError } from '../errors.ts';

/** The dialling rules at a phone's location. */
export interface DialPlan {
  /** The country code, such as `49`. */
  readonly country: string;
  /** The prefix of national numbers; `0` by default, empty if there is none. */
  readonly national?: string | undefined;
  /** The prefix of international numbers; `00` by default. */
  readonly international?: string | undefined;
  /** The prefix for an outside line. */
  readonly outside?: string | undefined;
  /** Numbers with at most this many digits are internal. */
  readonly internal?: number | undefined;
  /** Hosts of SIP addresses whose user part is a number of this plan. */
  readonly domains?: readonly string[] | undefined;
}

/** What each member must be. The first is all that a plan needs. */
const RULES: readonly (readonly [name: keyof DialPlan, fits: (value: unknown) => boolean, wanted: string])[] =
  [
    ['country', (value) => /^[1-9]\d{0,2}$/.test(textOf(value)), 'the code of a country such as "49"'],
    ['national', isPrefix, 'digits such as "0", as a string'],
    ['international', (value) => value !== '' && isPrefix(value), 'digits such as "00", as a string'],
    ['outside', isPrefix, 'digits such as "0", as a string'],
    ['internal', (value) => Number.isInteger(value) && Number(value) >= 0, 'a number of digits such as 4'],
    ['domains', Array.isArray, 'a list of hosts'],
  ];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9*#]*$/.test(value);
}

/**
 * Refuses a plan that types alone cannot exclude: with a country that is a number, a call would go to someone else.
 *
 * @throws {AtcomError} `usage`
 */
export function checkDialPlan(plan: DialPlan): void {
  for (const [name, fits, wanted] of RULES) {
    const value = plan[name];
    if (value === undefined ? name !== 'country' : fits(value)) continue;
    const reason = `dialPlan.${name}: ${String(value)} is not usable`;
    throw new AtcomError('usage', { reason, hint: `give ${wanted}` });
  }
}

/** The number to dial, and why it was changed. */
export interface Dialled {
  readonly dialled: string;
  readonly why: string;
}

/**
 * Converts a number into what has to be dialled under this plan. For `{ country: '49', outside: '0', internal: 4 }`:
 *
 * ```
 * 6040, *72#               as it is: an internal number, a code
 * +49 30 1, 0049 30 1      0 0 301: the country itself
 * +43 1 5, 0043 1 5        0 00 4315: another country
 * 030 1                    0 0301: a national number
 * 47110815                 0 47110815: too long for an internal number
 * 0 030 1                  as it is: written with the outside line
 * ```
 *
 * @param digits - digits, `*` and `#`, with a `+` before an international number
 * @param written - the same number with its separators, which distinguish `0 030` from `00 30`
 * @throws {AtcomError} `invalid-number` for a national prefix after the country code
 */
export function applyDialPlan(digits: string, written: string, plan: DialPlan): Dialled {
  checkDialPlan(plan);
  const { country, national = '0', international = '00', outside = '', internal = 0 } = plan;
  const through = (number: string, why: string): Dialled => ({
    dialled: outside + number,
    why: outside === '' ? why : `${why}; outside line ${outside}`,
  });
  if (/[*#]/.test(digits)) return { dialled: digits, why: 'a code with * or # is dialled as written' };
  if (hasOutsideLine(written, plan)) {
    return { dialled: digits, why: `written with the outside line ${outside}` };
  }
  if (digits.length <= internal && !digits.startsWith('+'))
    return { dialled: digits, why: `internal: at most ${internal} digits` };
  const prefix = ['+', international].find((each) => digits.startsWith(each));
  if (prefix === undefined) {
    return through(
      digits,
      national !== '' && digits.startsWith(national) ? 'a national number' : 'not internal',
    );
  }
  const number = digits.slice(prefix.length);
  checkAbroad(number, written, plan);
  if (!number.startsWith(country)) {
    return through(
      international + number,
      `another country, not ${country}: international prefix ${international}`,
    );
  }
  const own = number.slice(country.length);
  if (national !== '' && own.startsWith(national)) {
    throw new AtcomError('invalid-number', {
      input: written,
      reason: `it is unclear whether the ${national} after ${country} is dialled`,
      hint: `write it without that ${national}`,
    });
  }
  return through(national + own, `${country} is this country: national prefix ${national || 'none'}`);
}

/** Rejects what cannot follow a `+` or the international prefix, such as `000 49 …` with an outside line in front. */
function checkAbroad(number: string, written: string, plan: DialPlan): void {
  const { country, international = '00', outside = '' } = plan;
  const reason = number.startsWith('0')
    ? 'no country code begins with 0'
    : number === '' || number === country
      ? 'no number follows the country code'
      : undefined;
  if (reason === undefined) return;
  const apart = outside === '' ? '' : `; put a space after the outside line: ${outside} ${international}…`;
  throw new AtcomError('invalid-number', {
    input: written,
    reason,
    hint: `write +, the country code and the number${apart}`,
  });
}

/**
 * Whether the outside line is written separately, as in `0 030 1`; without the space it would be a different prefix.
 */
function hasOutsideLine(written: string, plan: DialPlan): boolean {
  const { outside = '', national = '0', international = '00' } = plan;
  const [first, ...rest] = written.split(/\D+/).filter((part) => part !== '');
  const number = rest.join('');
  if (written.includes('+') || first !== outside || number === '') return false;
  const prefixes = [national, international].filter((prefix) => prefix !== '');
  const hasPrefix = (digits: string) => prefixes.some((prefix) => digits.startsWith(prefix));
  // A number without a prefix can follow it, too, if the outside line itself cannot be read as the start of one.
  return national === '' || hasPrefix(number) || !hasPrefix(first + number);
}
