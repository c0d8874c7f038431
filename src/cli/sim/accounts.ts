import { readAccounts } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { pathIn } from '../../files/links.ts';
import { readText } from '../../files/read.ts';
import { readSecret } from '../../files/secret.ts';
import type { SipAccount } from '../../simulator/index.ts';
import type { Context } from '../context.ts';

/** The options of `atcom sim` for accounts at a PBX. */
export interface AccountWords {
  readonly sip?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly sipAccounts?: string | undefined;
  readonly transport?: 'udp' | 'tcp' | 'tls' | undefined;
  /** Milliseconds. */
  readonly register?: number | undefined;
  readonly refuse?: string | undefined;
  readonly ca?: string | undefined;
}

/**
 * The accounts selected by the options; none if the phones call each other in this process.
 *
 * @throws {AtcomError} `usage`, `unreadable-file`, `invalid-config`
 */
export async function accountsOf(
  words: AccountWords,
  context: Pick<Context, 'configContext'>,
): Promise<readonly SipAccount[] | undefined> {
  const { sip, sipAccounts, passwordFile, transport, register, refuse, ca } = words;
  if (sip !== undefined && sipAccounts !== undefined)
    throw wrong('--sip and --sip-accounts', 'use one of them');
  if (sip === undefined && sipAccounts === undefined) {
    const lonely = Object.entries({ passwordFile, transport, register, ca }).find(
      ([, value]) => value !== undefined,
    );
    if (lonely === undefined) return undefined;
    throw wrong(
      'a SIP option without an account',
      'add --sip sip:6001@127.0.0.1:5060, or --sip-accounts FILE',
    );
  }
  const { cwd, signal } = context.configContext;
  const given = {
    ...(transport === undefined ? {} : { transport }),
    ...(register === undefined ? {} : { register: Math.max(1, Math.round(register / 1000)) }),
    ...(refuse === undefined ? {} : { refuse: Number(refuse) }),
    ...(ca === undefined ? {} : { ca: await readText(pathIn(cwd, ca), { signal }) }),
  };
  if (sipAccounts !== undefined) {
    return (await readAccounts(sipAccounts, context.configContext)).map((account) => ({
      ...account,
      ...given,
    }));
  }
  if (passwordFile === undefined) throw wrong('--sip without a password', 'add --password-file FILE');
  const password = await readSecret(pathIn(cwd, passwordFile), context.configContext, signal);
  return [{ uri: sip ?? '', password, ...given }];
}

function wrong(reason: string, hint: string): AtcomError {
  return new AtcomError('usage', { reason, hint });
}
