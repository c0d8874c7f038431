import * as v from 'valibot';
import { parseAddress } from '../protocol/command-url.ts';
import { parseDuration } from '../protocol/duration.ts';
import { parseEvent } from '../protocol/events.ts';
import { MODEL_NAMES, type Model, parseModel } from '../protocol/models.ts';
import { parseSequence } from '../protocol/sequence.ts';
import { newValueDecoder } from '../protocol/value-decoder.ts';
import { like, mapping, oneOf, optional, parsedBy, step, text } from '../yaml/rules.ts';
import { named } from './naming.ts';
import { fewEnough, hostsOf, misfitRanges } from './ranges.ts';
import { parseTimeout } from './timeout.ts';
import { misfits, verbEntries } from './verb-rules.ts';

const flag = v.boolean('must be true or false');

const address = v.pipe(
  text('an address such as "172.16.0.57"'),
  // An address may contain a password, so it is not repeated.
  parsedBy(
    (text) => hostsOf(text).map(parseAddress),
    'is not the address of a phone; write host, host:port or http(s)://host:port',
  ),
);

const model = v.pipe(text('a model such as A48'), parsedBy(parseModel));

/** Nobody can tell whether `5` means seconds. */
const written = v.string(({ input }) => {
  const sample = Number.isInteger(input) ? `${input}s or ${input}ms` : '5s';
  return `must be a duration with a unit, such as ${sample}`;
});
const delay = v.pipe(written, parsedBy(parseDuration));
const timeout = v.pipe(written, parsedBy(parseTimeout));

const port = v.pipe(
  v.number('must be a number from 1 to 65535'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be from 1 to 65535'),
  v.maxValue(65_535, 'must be from 1 to 65535'),
);

const status = v.pipe(
  v.number('must be a status code such as 403'),
  v.integer('must be a status code such as 403'),
  v.minValue(100, 'must be a status code such as 403'),
  v.maxValue(599, 'must be a status code such as 403'),
);
const statusList = v.pipe(v.array(status), v.nonEmpty('must name at least one status code'));

const approval = v.union(
  [
    status,
    statusList,
    mapping({
      status: optional(
        'Status codes that mean it',
        v.union([status, statusList], 'must be a status code, or a list of them'),
      ),
      body: optional(
        'Text in the body that means it, for firmware that asks with a 200',
        v.pipe(text('text'), v.nonEmpty('must not be empty: every answer contains that')),
      ),
    }),
  ],
  'must be a status code, a list of them, or { status: 403, body: "text" }',
);

const tls = mapping({
  ca: optional('PEM file of certificates to trust, relative to this file', text('the path of a PEM file')),
  fingerprint: optional(
    "SHA-256 fingerprint that the phone's certificate must have",
    like(/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/, 'a SHA-256 fingerprint: 32 bytes such as "AB:CD:…"'),
  ),
  insecure: optional('Accept any certificate; a fingerprint is checked all the same', flag),
  legacy: optional('Allow TLS 1.0 and the ciphers of its time', flag),
});

const nonEmpty = (what: string) => v.pipe(text(what), v.nonEmpty('must not be empty'));

const verbs = optional('Sequences that replace those of the verbs', mapping(verbEntries()));

/** Keys as for `atcom key`. Models differ, so they are read for each phone when they are pressed. */
const macro = v.pipe(
  nonEmpty('keys such as "DND_ON RELEASE"'),
  parsedBy((keys) => parseSequence(keys.split(/\s+/))),
);
const macros = optional('Sequences by the name of a macro, for atcom macro', named('macro', macro));

/** @param refusal - why credentials must not stand in the file; undefined where they may */
function phoneSettings(refusal: string | undefined) {
  const credential = (description: string) =>
    optional(
      description,
      v.pipe(
        // Before the type check: no value is allowed here.
        v.unknown(),
        v.check(() => refusal === undefined, refusal ?? ''),
        text('text'),
        v.nonEmpty('must not be empty'),
      ),
    );
  return v.pipe(
    mapping(
      {
        host: v.pipe(address, v.description('host, host:port or http(s)://host:port')),
        model: optional('Model or series, such as A48 or A2x', model),
        scheme: optional('http by default', oneOf(['http', 'https'])),
        port: optional('80 or 443 by default', port),
        path: optional(
          '/cgi-bin/server.cgi by default',
          like(/^\/[A-Za-z0-9._~/-]*$/, 'a path such as "/cgi-bin/server.cgi", without a query'),
        ),
        timeout: optional('For one request, such as 5s', timeout),
        delay: optional('Between keys, such as 300ms; each key becomes a request of its own', delay),
        digits: optional('6040 as one token, or digit by digit', oneOf(['grouped', 'single'])),
        dialPrefix: optional('What replaces a leading +', like(/^[0-9*#]+$/, 'digits such as "00"')),
        approval: optional('Which replies mean that the phone asks "Allow Remote Control?"', approval),
        verbs,
        macros,
        tls: optional('How the certificate is judged', tls),
        auth: optional('How credentials are sent', oneOf(['none', 'basic', 'digest'])),
        mac: optional(
          'MAC address, as the phone reports it',
          like(/^[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5}$/, 'a MAC address such as "80:82:87:04:6B:C2"'),
        ),
        extension: optional('Its own number, for scenarios', like(/^[0-9*]+$/, 'digits such as "6040"')),
        events: optional(
          'The events whose Action URL is entered on its page, all by default; [] is none',
          v.array(
            v.pipe(text('an event such as incomingCall'), parsedBy(parseEvent)),
            'must be a list of events',
          ),
        ),
        user: credential('Only in the user file'),
        password: credential('Only in the user file'),
        passwordFile: credential('File with the password in its first line; only in the user file'),
      },
      'an address, or settings with a host',
    ),
    v.check(
      ({ password, passwordFile }) => password === undefined || passwordFile === undefined,
      'has password and passwordFile; keep one of them',
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      // If there are other problems, the model and the sequences may not even be text.
      if (!dataset.typed || dataset.issues !== undefined) return;
      const { model, verbs = {} } = dataset.value;
      for (const { form, message } of misfits(model, verbs)) {
        addIssue({ message, path: [step(dataset.value, 'verbs'), step(verbs, form)] });
      }
    }),
  );
}

const listener = mapping({
  host: optional(
    'Address to bind, 127.0.0.1 by default; phones reach only another one',
    like(/^[\w.:-]+$/, 'an address such as "0.0.0.0"'),
  ),
  port: optional('8088 by default', port),
  url: optional(
    'Where phones reach it, such as http://172.16.0.184:8088',
    like(/^https?:\/\/[^\s?#]+$/, 'a URL such as "http://172.16.0.184:8088"'),
  ),
  encoding: optional(
    'Encoding of values that are not UTF-8, windows-1252 by default',
    v.pipe(text('an encoding such as windows-1251'), parsedBy(newValueDecoder)),
  ),
  trustedProxies: optional(
    'Addresses or networks of proxies whose X-Forwarded-For is believed',
    v.array(
      like(/^[\da-fA-F.:]+(\/\d{1,3})?$/, 'an address or a network such as "10.0.0.0/24"'),
      'must be a list of addresses',
    ),
  ),
  board: optional('Whether atcom listen shows what the phones do, at /board', flag),
  metrics: optional('Whether atcom listen counts for Prometheus, at /metrics', flag),
});

/** The settings of a model. A phone's own settings override them. */
function modelEntries() {
  const settings = optional('Verbs and macros of this model', mapping({ verbs, macros }));
  return Object.fromEntries(MODEL_NAMES.map((name) => [name, settings])) as {
    readonly [Name in Model]: typeof settings;
  };
}

/** The schema of a config file. */
export function fileSchema(refusal?: string) {
  const phone = v.union([address, phoneSettings(refusal)], 'must be an address, or settings with a host');
  const phones = optional(
    'Phones by name: an address, or settings; names and hosts may be ranges of equal size',
    v.pipe(
      named('phone', phone),
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
  const settings = mapping({
    default: target,
    phones,
    groups: optional(
      'Targets by the name of a group, for @name',
      named('group', nonEmpty('a target such as "reception,lab-*"')),
    ),
    macros,
    models: optional('Verbs and macros of all phones of a model', mapping(modelEntries())),
    listener: optional('Where the events of phones are received', listener),
    profiles: optional('Sets of phones that replace the phones above', named('profile', profile)),
  });
  return v.pipe(
    v.unknown(),
    v.check(fewEnough, 'its phones are more than 100,000; write smaller ranges'),
    settings,
  );
}

/** A config file that matches the schema. */
export type FileSettings = v.InferOutput<ReturnType<typeof fileSchema>>;
