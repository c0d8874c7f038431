import { constants } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OTHER_STATE_FOLDER, stateFolder } from '../../config/index.ts';
import { withoutPassword } from '../../errors/passwords.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { unwritable } from '../../files/reason.ts';
import { hostText } from '../../protocol/command-url.ts';
import { explainNumber } from '../../protocol/numbers.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { readWritten, splitWritten } from '../../protocol/written-number.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { dialStep } from '../press/job.ts';
import { selectPhones } from '../press/targets.ts';
import { runStep } from '../steps.ts';
import { openedAtHome } from './at-home.ts';
import { askOnDesktop } from './desk-programs.ts';

interface OpenOptions {
  readonly to?: string | undefined;
  readonly ask: boolean;
  readonly dryRun?: boolean | undefined;
}

/** The URL schemes that are accepted. */
const LINK = /^(tel|callto|sip):/i;

/**
 * Calls the number of a link and logs the outcome. Any page can make a browser follow a link, so a
 * person is asked first.
 *
 * @throws {AtcomError} `usage` for an invalid link; `not-confirmed`
 */
export async function openLink(given: Context, link: string, options: OpenOptions): Promise<void> {
  if (!LINK.test(link)) {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(link)} is not a link to call`,
      hint: 'such as tel:6040, callto:6040 or sip:6040@pbx',
    });
  }
  const context = openedAtHome(given);
  const step = await logged(context, link, () => stepFor(link, options));
  if (options.ask && options.dryRun !== true) {
    const what = await logged(context, link, () => questionOf(context, link, options));
    if (!(await ask(context, what))) {
      await note(context, link, 'not agreed to');
      throw new AtcomError('not-confirmed', { what });
    }
  }
  let exitCode = 0;
  const watched: Context = {
    ...context,
    exit: (code) => {
      exitCode = code;
      context.exit(code);
    },
  };
  await note(context, link, 'calls');
  await logged(context, link, () => runStep(watched, step));
  await note(context, link, `ended with ${exitCode}`);
}

/**
 * What a link dials on the phones, under their dial plans. On many PBXes a code, such as *72…#, changes settings instead
 * of calling somebody.
 *
 * @throws {AtcomError} the codes of bad targets, and `invalid-number`
 */
async function questionOf(context: Context, link: string, { to }: OpenOptions): Promise<string> {
  const { phones, virtual } = await selectPhones(context, to === undefined ? {} : { to: [to] });
  const config = await context.config();
  const callers = await Promise.all(
    [...phones, ...(virtual ? [{ host: '127.0.0.1' }] : [])].map((phone) => config.settings(phone)),
  );
  const { number, afterAnswer } = readWritten(link);
  const spelled = splitWritten(link).number;
  const dialled = [...new Set(callers.map((settings) => explainNumber(spelled, settings).dialled))].join(
    ' or ',
  );
  const from = dialled === number ? '' : ` (${visible(number)} in the link)`;
  const code = /[*#]/.test(dialled) ? ' (a code, which may change settings of the PBX)' : '';
  const then = afterAnswer === undefined ? '' : `, then presses ${visible(afterAnswer)}`;
  const phone = [...phones.map(placeOf), ...(virtual ? ['a virtual phone'] : [])];
  const more = phone.length > MOST_NAMED ? ` and ${phone.length - MOST_NAMED} more` : '';
  return `this calls ${dialled}${from}${code}${then} from ${phone.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** How many phones a question names. */
const MOST_NAMED = 3;

/** `reception (172.16.0.57)`: of two configs, the same name may be another phone. */
function placeOf(phone: PhoneSettings): string {
  const [name, host] = [nameOf(phone), hostText(endpointOf(phone))];
  return visible(name === host ? host : `${name} (${host})`);
}

/** A link without a number is refused before anyone is asked. */
function stepFor(link: string, { to, dryRun }: OpenOptions) {
  return dialStep(link, {
    ...(to === undefined ? {} : { to: [to] }),
    ...(dryRun === true ? { dryRun } : {}),
  });
}

/** Does something, and logs it if that fails: who clicked on a link sees no terminal. */
async function logged<T>(context: Context, link: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await note(context, link, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Asks on the terminal, if there is one; a desktop starts programs without. */
async function ask(context: Context, what: string): Promise<boolean> {
  return context.stdin().isTTY === true ? await confirm(context, what) : await askOnDesktop(context, what);
}

/** No link is followed: as root, in the home of another user, it could lead to any file. */
const LOG =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Adds to handler.log. A log that cannot be written does not prevent the call. */
async function note(context: Context, link: string, what: string): Promise<void> {
  try {
    const file = join(stateFolder(context), 'handler.log');
    await log(file, `${new Date().toISOString()} ${visible(withoutPassword(link))} ${visible(what)}\n`);
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    context.output.note(() => `${visible(error.message)}; ${error.hint}`);
  }
}

async function log(file: string, line: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await appendFile(file, line, { mode: 0o600, flag: LOG });
  } catch (error) {
    throw unwritable(file, error, OTHER_STATE_FOLDER);
  }
}
