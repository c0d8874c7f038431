import * as v from 'valibot';
import { parseEvent } from '../protocol/events.ts';
import { MODEL_NAMES, type Model } from '../protocol/models.ts';
import { parseSequence } from '../protocol/sequence.ts';
import { like, mapping, oneOf, optional, parsedBy, step, text } from '../yaml/rules.ts';
import { named } from './naming.ts';
import { saidByHost } from './said-by-host.ts';
import { isUserName, USER_NAME_RULE } from './user-name.ts';
import {
  address,
  approval,
  delay,
  flag,
  mac,
  model,
  NO_LIST,
  nonEmpty,
  port,
  timeout,
  tls,
} from './values.ts';
import { misfits, verbEntries } from './verb-rules.ts';

/** Keys as for `atcom key`. Parsed per phone at the time of use, because models differ. */
const macro = v.pipe(
  nonEmpty('keys such as "DND_ON RELEASE"'),
  parsedBy((keys) => parseSequence(keys.split(/\s+/))),
);
export const macros = optional('Sequences by the name of a macro, for atcom macro', named('macro', macro));

const prefix = v.pipe(
  like(/^[0-9*#]*$/, 'digits such as "00"'),
  v.maxLength(32, 'must be at most 32 digits'),
);

/** How numbers are dialled. */
const dialPlan = v.pipe(
  mapping({
    country: v.pipe(
      like(/^[1-9]\d{0,2}$/, 'the code of a country such as "49"'),
      v.description('Code of the country, such as "49"'),
    ),
    national: optional('Prefix of national numbers; "0" by default, "" for none', prefix),
    international: optional(
      'Prefix of international numbers; "00" by default',
      v.pipe(prefix, v.nonEmpty('must not be empty')),
    ),
    outside: optional('Prefix for an outside line, such as "0"', prefix),
    internal: optional(
      'Numbers with at most this many digits are internal',
      v.pipe(
        v.number('must be a number of digits such as 4'),
        v.integer('must be a whole number'),
        v.minValue(0, 'must be from 0 to 15'),
        v.maxValue(15, 'must be from 0 to 15'),
      ),
    ),
    domains: optional(
      'Hosts of SIP addresses whose user parts are numbers of this plan',
      v.pipe(
        v.array(like(/^[\w.-]+$/, 'a host such as "pbx.example"'), 'must be a list of hosts'),
        // Each SIP address that a command has is compared with all of them, for each phone.
        v.maxLength(100, 'must be at most 100 hosts'),
      ),
    ),
  }),
  v.check(
    ({ outside = '', internal }) => outside === '' || internal !== undefined,
    'has an outside line but does not say which numbers are internal; add internal: 4 for numbers of up to 4 digits',
  ),
);
export const dialPlanEntry = optional("Dialling rules at the phones' location", dialPlan);

/** Settings that many phones can have in common. */
const SHARED = {
  scheme: optional('http by default', oneOf(['http', 'https'])),
  port: optional('80 or 443 by default', port),
  path: optional(
    '/cgi-bin/server.cgi by default',
    like(/^\/[A-Za-z0-9._~/-]*$/, 'a path such as "/cgi-bin/server.cgi", without a query'),
  ),
  timeout: optional('For one request, such as 5s', timeout),
  delay: optional('Between keys, such as 300ms; each key becomes a request of its own', delay),
  digits: optional('6040 as one token, or digit by digit', oneOf(['grouped', 'single'])),
  dialPlan: dialPlanEntry,
  dialPrefix: optional(
    'Replaces a leading + if there is no dialPlan',
    v.pipe(prefix, v.nonEmpty('must not be empty')),
  ),
  letters: optional('Dial letters as on a keypad: 1-800-AAA as 1800222', flag),
  approval: optional('Which replies mean that the phone asks "Allow Remote Control?"', approval),
  verbs: optional('Sequences that replace those of the verbs', mapping(verbEntries())),
  macros,
  tls: optional('How the certificate is judged', tls),
  auth: optional('How credentials are sent', oneOf(['none', 'basic', 'digest'])),
  events: optional(
    'The events whose Action URL is entered on its page, all by default; [] is none',
    v.array(v.pipe(text('an event such as incomingCall'), parsedBy(parseEvent)), 'must be a list of events'),
  ),
} as const;

/** Conflicts between settings, for phones of one model or of any. */
function checkTogether<Settings extends v.InferOutput<ReturnType<typeof shared>>>(
  modelOf: (settings: Settings) => string | undefined,
) {
  return v.rawCheck<Settings>(({ dataset, addIssue }) => {
    // If there are other problems, the model and the sequences may not even be text.
    if (!dataset.typed || dataset.issues !== undefined) return;
    const { verbs = {}, dialPlan, dialPrefix } = dataset.value;
    for (const { form, message } of misfits(modelOf(dataset.value), verbs)) {
      addIssue({ message, path: [step(dataset.value, 'verbs'), step(verbs, form)] });
    }
    if (dialPlan !== undefined && dialPrefix !== undefined) {
      addIssue({ message: 'has both dialPlan and dialPrefix; keep one of them' });
    }
  });
}

function shared() {
  return mapping(SHARED);
}

/** `defaults:`, the settings of all phones that do not set their own. */
export function defaultsSchema() {
  return v.pipe(
    mapping({ model: optional('Model or series, such as A48', model), ...SHARED }),
    checkTogether(({ model }) => model),
  );
}

/** `models:`, the settings of all phones of a model; a phone's own settings win. */
export function modelsSchema() {
  const entries = MODEL_NAMES.map((name) => [
    name,
    optional(
      'Settings of all phones of this model',
      v.pipe(
        shared(),
        checkTogether(() => name),
      ),
    ),
  ]);
  type Entry = v.ExactOptionalSchema<ReturnType<typeof shared>, undefined>;
  return mapping(Object.fromEntries(entries) as { readonly [Name in Model]: Entry });
}

/** User and password; `refusal` says why this file must not contain them. */
export function credentialEntries(refusal: string | undefined) {
  const secret = () =>
    v.pipe(
      // Checked before the type, because no value at all is allowed here.
      v.unknown(),
      v.check(() => refusal === undefined, refusal ?? ''),
      text('text'),
      v.nonEmpty('must not be empty'),
    );
  const credential = (description: string) => optional(description, secret());
  return {
    user: optional('Only in the user file', v.pipe(secret(), v.check(isUserName, USER_NAME_RULE))),
    password: credential('Only in the user file'),
    passwordFile: credential('File with the password in its first line; only in the user file'),
  };
}

/** Checks that there is exactly one password. */
export function onePassword<
  Settings extends { readonly password?: string; readonly passwordFile?: string },
>() {
  return v.check<Settings, string>(
    ({ password, passwordFile }) => password === undefined || passwordFile === undefined,
    'has both password and passwordFile; keep one of them',
  );
}

/** The scheme and the port of a phone are said once. */
function oneEndpoint<
  Settings extends {
    readonly host: string;
    readonly scheme?: string | undefined;
    readonly port?: number | undefined;
  },
>() {
  return v.check<Settings, string>(({ host, scheme, port }) => {
    const said = saidByHost(host);
    const isOther = (one: string | undefined, other: number | string | undefined) =>
      one !== undefined && other !== undefined && one !== String(other);
    return !isOther(said.scheme, scheme) && !isOther(said.port, port);
  }, 'has another scheme or port than its host says; keep one of them');
}

/** A phone: its address, or settings. */
export function phoneSchema(refusal: string | undefined) {
  const settings = v.pipe(
    mapping(
      {
        host: v.pipe(address, v.description('host, host:port or http(s)://host:port')),
        model: optional('Model or series, such as A48 or A2x', model),
        ...SHARED,
        mac: optional('MAC address, as the phone reports it', mac),
        extension: optional(
          'Its own number, for scenarios; a range for a range of phones',
          like(
            /^[0-9*]{1,64}$|^[0-9*]{0,64}\[[\d,/-]{1,4096}\][0-9*]{0,64}$/,
            'digits such as "6040", or a range such as "60[01-12]"',
          ),
        ),
        alias: optional('Another name for a phone that has one already, at the same address', flag),
        ...credentialEntries(refusal),
      },
      'an address, or settings with a host',
    ),
    onePassword(),
    oneEndpoint(),
    checkTogether(({ model }) => model),
  );
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), NO_LIST),
    v.union([address, settings], 'must be an address, or settings with a host'),
  );
}
