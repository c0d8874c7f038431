import * as v from 'valibot';
import { parseDuration } from '../protocol/duration.ts';
import { SIP_PLACE } from '../protocol/sip-place.ts';
import { like, mapping, oneOf, optional, parsedBy, text } from '../yaml/rules.ts';

/** Why a file must not hold a secret. */
export interface SecretRefusals {
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
}

/**
 * The schema of an account at a PBX.
 *
 * @param refusals - why the file must not contain a password, or name a file with one; undefined if it may
 */
export function accountSchema(refusals: SecretRefusals = {}) {
  const secret = (description: string, what: string, refusal: string | undefined) =>
    optional(
      description,
      v.pipe(
        // Checked before the type, because no value at all is allowed here.
        v.unknown(),
        v.check(() => refusal === undefined, refusal ?? ''),
        text(what),
      ),
    );
  return mapping({
    uri: v.pipe(
      like(/^sips?:[^@:;>\s"<]+@\S+$/, 'an account such as "sip:6001@127.0.0.1:5060", no password in it'),
      v.description('Its address, such as sip:6001@127.0.0.1:5060'),
    ),
    user: optional('Name for authentication, the number by default', text('text')),
    password: secret('Only in a file that nobody else can read', 'text', refusals.password),
    passwordFile: secret(
      'File with the password in its first line; in the user file, or in one that is named or trusted',
      'the path of a file',
      refusals.passwordFile,
    ),
    proxy: optional(
      'Address of the PBX, if it is not that of the account',
      like(SIP_PLACE, 'a host, or host:port, without sip: and parameters'),
    ),
    transport: optional('udp by default', oneOf(['udp', 'tcp', 'tls'])),
    register: optional(
      'How long a registration lasts',
      v.pipe(text('a duration such as 60s'), parsedBy(parseDuration)),
    ),
    refuse: optional(
      'The status with which it reports that it is busy',
      v.picklist([404, 480, 486, 603], 'must be 404, 480, 486 or 603'),
    ),
    ca: optional('PEM file of certificates to trust', text('the path of a PEM file')),
  });
}

/** An account in a file. */
export type WrittenAccount = v.InferOutput<ReturnType<typeof accountSchema>>;
