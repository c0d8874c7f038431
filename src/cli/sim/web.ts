import { quote } from '../../errors/passwords.ts';
import { AtcomError } from '../../errors.ts';
import { pathIn } from '../../files/links.ts';
import { readSecret } from '../../files/secret.ts';
import { closest } from '../../protocol/suggest.ts';
import type { WebOptions, WebVariant } from '../../simulator/index.ts';
import type { Context } from '../context.ts';

/** The options of `atcom sim` for the phones' web pages. */
export interface WebWords {
  readonly webUser?: string | undefined;
  readonly webPasswordFile?: string | undefined;
  readonly webVariant?: string | undefined;
}

/**
 * The web page settings from the options.
 *
 * @throws {AtcomError} `usage`, `unreadable-file`
 */
export async function webOf(
  { webUser, webPasswordFile, webVariant }: WebWords,
  { cwd, env, uid, signal }: Context,
): Promise<WebOptions> {
  if (webUser !== undefined && webPasswordFile === undefined) {
    throw new AtcomError('usage', {
      reason: '--web-user without a password',
      hint: 'add --web-password-file FILE',
    });
  }
  const variant = webVariant === undefined ? undefined : await variantOf(webVariant);
  if (webPasswordFile === undefined) return { variant };
  const password = await readSecret(pathIn(cwd, webPasswordFile), { env, uid }, signal);
  return { user: webUser, password, variant };
}

async function variantOf(text: string): Promise<WebVariant> {
  const { WEB_VARIANT_NAMES, WEB_VARIANTS } = await import('../../simulator/index.ts');
  const found = WEB_VARIANT_NAMES.find((name) => name === text);
  if (found !== undefined) return found;
  const [suggestion] = closest(text, WEB_VARIANT_NAMES);
  throw new AtcomError('usage', {
    reason: `${quote(text)} is not a variant of these pages`,
    hint:
      suggestion === undefined
        ? WEB_VARIANT_NAMES.map((name) => `${name}: ${WEB_VARIANTS[name].what}`).join('\n')
        : `did you mean ${suggestion}?`,
  });
}
