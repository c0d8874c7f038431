import * as v from 'valibot';
import { mapping, oneOf, optional, text } from '../yaml/rules.ts';
import { accountSchema, type SecretRefusals } from './account-schema.ts';
import { named } from './naming.ts';

/**
 * The schema of `simulator:`.
 *
 * @param refusals - why the file must not contain secrets of accounts
 */
export function simulatorSchema(refusals: SecretRefusals) {
  const account = v.pipe(
    accountSchema(refusals),
    v.check(
      ({ password, passwordFile }) => password === undefined || passwordFile === undefined,
      'has both password and passwordFile; keep one of them',
    ),
    v.check(
      ({ ca, transport }) => ca === undefined || transport === 'tls',
      'has certificates for TLS (ca), and another transport; add transport: tls',
    ),
  );
  return mapping({
    pbx: optional(
      'What virtual phones without an account appear to be connected through; proxy by default',
      oneOf(['proxy', 'b2bua']),
    ),
    accounts: optional(
      'Accounts at PBXes by name, for { sip: name } in scenarios',
      named('account', account),
    ),
    pbxes: optional(
      'Accounts by the name of their PBX, for atcom test --sip-pbx',
      named(
        'PBX',
        v.pipe(
          v.array(text('the name of an account'), 'must be a list of accounts, such as [lab-6001, lab-6002]'),
          v.nonEmpty('must name at least one account'),
        ),
      ),
    ),
  });
}
