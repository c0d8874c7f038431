import * as v from 'valibot';
import { newEventFinder } from '../protocol/event-paths.ts';
import { EVENT_DEFINITIONS } from '../protocol/events.ts';
import { BIND_ADDRESS, parseListener } from '../protocol/listener-url.ts';
import { isToken, TOKEN_RULE } from '../protocol/token.ts';
import { newValueDecoder } from '../protocol/value-decoder.ts';
import { parseTarget } from '../targets/expression.ts';
import { failureOf, like, mapping, optional, parsedBy, step, text } from '../yaml/rules.ts';
import { fewEnough, fewInherited, smallTogether } from './few-enough.ts';
import { named } from './naming.ts';
import {
  credentialEntries,
  defaultsSchema,
  dialPlanEntry,
  macros,
  modelsSchema,
  onePassword,
  phoneSchema,
} from './phone-schema.ts';
import { misfitRanges } from './ranges.ts';
import { simulatorSchema } from './simulator-schema.ts';
import { flag, nonEmpty, port } from './values.ts';

/** `listener:`; its secret is refused where the file must not hold any. */
const listener = (refusal: string | undefined) =>
  mapping({
    host: optional(
      'Address to bind, 127.0.0.1 by default, which phones cannot reach',
      like(BIND_ADDRESS, 'an address such as "0.0.0.0"'),
    ),
    port: optional('8088 by default', port),
    url: optional(
      'Where phones reach it, such as http://172.16.0.184:8088',
      v.pipe(
        like(/^https?:\/\/[^\s?#@]+$/, 'a URL such as "http://172.16.0.184:8088"'),
        parsedBy(parseListener),
      ),
    ),
    token: optional(
      'Secret that every Action URL must have as token=; only in the user file',
      v.pipe(
        v.unknown(),
        v.check(() => refusal === undefined, refusal ?? ''),
        text('text'),
        v.check((secret) => isToken(secret), `must be ${TOKEN_RULE}`),
      ),
    ),
    encoding: optional(
      'Encoding of values that are not UTF-8, windows-1252 by default',
      v.pipe(text('an encoding such as windows-1251'), parsedBy(newValueDecoder)),
    ),
    trustedProxies: optional(
      'Addresses or networks of proxies whose X-Forwarded-For is trusted',
      v.array(
        like(/^[\da-fA-F.:]+(\/\d{1,3})?$/, 'an address or a network such as "10.0.0.0/24"'),
        'must be a list of addresses',
      ),
    ),
    board: optional('Whether atcom listen shows what the phones do, at /board', flag),
    metrics: optional('Whether atcom listen counts for Prometheus, at /metrics', flag),
  });

/** A path of an event, or several. */
const paths = v.union(
  [text('a path'), v.pipe(v.array(text('a path')), v.nonEmpty('must name at least one path'))],
  'must be a path such as "/api/ring", or a list of them',
);

const events = v.pipe(
  mapping(Object.fromEntries(EVENT_DEFINITIONS.map(({ event, label }) => [event, optional(label, paths)]))),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed ? failureOf(() => newEventFinder(dataset.value)) : undefined;
    if (message !== undefined) addIssue({ message });
  }),
);

const BY_TARGET = 'must be credentials by target, such as "@floor1": { user: admin, passwordFile: floor1 }';

/** `credentials:`, for phones of other files too. */
function credentials(refusal: string | undefined) {
  const target = v.pipe(text('a target such as "@floor1"'), parsedBy(parseTarget));
  const entry = v.pipe(mapping(credentialEntries(refusal)), onePassword());
  return v.pipe(
    v.unknown(),
    v.check(() => refusal === undefined, refusal ?? ''),
    v.check((input) => !Array.isArray(input), BY_TARGET),
    v.record(target, entry, BY_TARGET),
  );
}

/** `x-…` keys: a place for YAML anchors that are used further down. */
const FREE = /^x-/;

/**
 * The schema of a config file.
 *
 * @param refusal - why the file must not contain credentials; undefined if it may
 * @param untrusted - why it must not even name a file with the password of an account at a PBX
 */
export function fileSchema(refusal?: string, untrusted?: string) {
  const phones = optional(
    'Phones by name: an address, or settings; names and hosts can be ranges of equal size',
    v.pipe(
      named('phone', phoneSchema(refusal)),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed || dataset.issues !== undefined) return;
        for (const { name, message } of misfitRanges(dataset.value)) {
          addIssue({ message, path: [step(dataset.value, name)] });
        }
      }),
    ),
  );
  const target = optional(
    'The target when none is given',
    v.pipe(text('the name of a phone'), v.nonEmpty('must not be empty')),
  );
  const profile = mapping({ default: target, phones });
  const settings = mapping(
    {
      default: target,
      phones,
      groups: optional(
        'Targets by the name of a group, for @name',
        named('group', nonEmpty('a target such as "reception,lab-*"')),
      ),
      macros,
      defaults: optional(
        'Settings of all phones; the settings of a model or a phone override them',
        defaultsSchema(),
      ),
      models: optional(
        'Settings of all phones of a model; the settings of a phone override them',
        modelsSchema(),
      ),
      dialPlan: dialPlanEntry,
      credentials: optional('User and password by target; only in the user file', credentials(refusal)),
      listener: optional('Where the events of phones are received', listener(refusal)),
      events: optional('Additional paths of events, by event', events),
      simulator: optional(
        'Virtual phones, and accounts for them at a PBX',
        simulatorSchema({ password: refusal, passwordFile: untrusted }),
      ),
      profiles: optional('Sets of phones that replace the phones above', named('profile', profile)),
    },
    undefined,
    FREE,
  );
  return v.pipe(
    v.unknown(),
    v.check(fewEnough, 'it defines more than 100,000 phones; use smaller ranges'),
    v.check(
      (file) => fewInherited(file),
      'its phones have too many settings together, with those that each inherits; put macros for all phones into macros:, outside of defaults: and models:, or divide the file',
    ),
    v.check(
      (file) => smallTogether(file),
      'its phones, groups and profiles are too many together; use fewer groups and profiles, or divide the file',
    ),
    settings,
  );
}

/** A config file that matches the schema. */
export type FileSettings = v.InferOutput<ReturnType<typeof fileSchema>>;
