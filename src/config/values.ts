import * as v from 'valibot';
import { parseAddress } from '../protocol/command-url.ts';
import { parseDuration } from '../protocol/duration.ts';
import { MAC_RULE, macProblem } from '../protocol/mac.ts';
import { targetMistake } from '../protocol/mistakes.ts';
import { parseModel } from '../protocol/models.ts';
import { like, mapping, optional, parsedBy, text } from '../yaml/rules.ts';
import { hostsOf } from './ranges.ts';
import { parseTimeout } from './timeout.ts';

// The values of single settings.

export const flag = v.boolean('must be true or false');

/** IPv6 addresses have brackets, which mean something else to YAML. */
export const NO_LIST =
  'must be an address; YAML reads […] as a list, so put brackets in quotes, such as "[::1]:80"';

/** Six bytes, and no address of a group. */
export const mac = v.pipe(
  like(/^[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5}$/, MAC_RULE),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.issues !== undefined) return;
    const message = macProblem(dataset.value);
    if (message !== undefined) addIssue({ message });
  }),
);

/** The address of a phone, or a range of them. */
export const address = v.pipe(
  v.string(({ input }) => (Array.isArray(input) ? NO_LIST : 'must be an address such as "172.16.0.57"')),
  parsedBy((text) => hostsOf(text).map(parseAddress), notAnAddress),
);

/** Text before an @ may be a password, so such an address is not repeated in the message. */
function notAnAddress(text: string): string {
  const mistake = text.includes('@') ? undefined : targetMistake(text);
  return mistake === undefined
    ? 'is not the address of a phone; write host, host:port or http(s)://host:port'
    : `${mistake.reason}; ${mistake.hint}`;
}

export const model = v.pipe(text('a model such as A48'), parsedBy(parseModel));

/** A unit is required: `5` could mean seconds or milliseconds. */
const written = v.string(({ input }) => {
  const sample = Number.isInteger(input) ? `${input}s or ${input}ms` : '5s';
  return `must be a duration with a unit, such as ${sample}`;
});
export const delay = v.pipe(written, parsedBy(parseDuration));
export const timeout = v.pipe(written, parsedBy(parseTimeout));

export const port = v.pipe(
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
  v.notValue(
    200,
    'cannot be 200, because a phone also answers 200 when it has pressed the key; use body: with the text it sends while it asks',
  ),
);
const statusList = v.array(status);

export const approval = v.union(
  [
    status,
    v.pipe(statusList, v.nonEmpty('must name at least one status code')),
    mapping({
      status: optional(
        'Status codes that mean it; none if the list is empty',
        v.union([status, statusList], 'must be a status code, or a list of them'),
      ),
      body: optional(
        'Text in the body that means it, for firmware that asks with a 200',
        v.pipe(text('text'), v.nonEmpty('must not be empty, because every answer contains the empty text')),
      ),
    }),
  ],
  'must be a status code, a list of them, or { status: 403, body: "text" }',
);

export const tls = mapping({
  ca: optional('PEM file of certificates to trust, relative to this file', text('the path of a PEM file')),
  fingerprint: optional(
    "SHA-256 fingerprint that the phone's certificate must have",
    like(/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/, 'a SHA-256 fingerprint: 32 bytes such as "AB:CD:…"'),
  ),
  insecure: optional('Accept any certificate; a fingerprint is still checked', flag),
  legacy: optional('Allow TLS 1.0 and the ciphers of its time', flag),
});

/** Text of at least one character. */
export const nonEmpty = (what: string) => v.pipe(text(what), v.nonEmpty('must not be empty'));
