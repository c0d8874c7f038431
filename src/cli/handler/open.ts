import { constants } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OTHER_STATE_FOLDER, stateFolder } from '../../config/index.ts';
import { withoutPassword } from '../../errors/passwords.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { unwritable } from '../../files/reason.ts';
import { readWritten } from '../../protocol/written-number.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { visible } from '../output/text.ts';
import { dialStep } from '../press/job.ts';
import { runStep } from '../steps.ts';
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
export async function openLink(context: Context, link: string, options: OpenOptions): Promise<void> {
  if (!LINK.test(link)) {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(link)} is not a link to call`,
      hint: 'such as tel:6040, callto:6040 or sip:6040@pbx',
    });
  }
  const step = await stepFor(context, link, options);
  const what = `this calls ${called(link)}${options.to === undefined ? '' : ` from ${visible(options.to)}`}`;
  const agreed = !options.ask || options.dryRun === true || (await ask(context, what));
  if (!agreed) {
    await note(context, link, 'not agreed to');
    throw new AtcomError('not-confirmed', { what });
  }
  let exitCode = 0;
  // A copy of a context has no getters.
  const watched: Context = {
    ...context,
    output: context.output,
    debug: context.debug,
    exit: (code) => {
      exitCode = code;
      context.exit(code);
    },
  };
  await note(context, link, 'calls');
  try {
    await runStep(watched, step);
    await note(context, link, `ended with ${exitCode}`);
  } catch (error) {
    await note(context, link, messageOf(error));
    throw error;
  }
}

/** What a link dials, decoded. On many PBXes a code, such as *72…#, changes settings instead of calling somebody. */
function called(link: string): string {
  const { number, afterAnswer } = readWritten(link);
  const then = afterAnswer === undefined ? '' : `, then presses ${visible(afterAnswer)}`;
  const code = /[*#]/.test(number) ? ' (a code, which may change settings of the PBX)' : '';
  return `${visible(number)}${code}${then}`;
}

/** The step for a link; a link without a number is refused before anyone is asked. */
async function stepFor(context: Context, link: string, { to, dryRun }: OpenOptions) {
  try {
    return dialStep(link, {
      ...(to === undefined ? {} : { to: [to] }),
      ...(dryRun === true ? { dryRun } : {}),
    });
  } catch (error) {
    await note(context, link, messageOf(error));
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
