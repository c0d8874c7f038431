import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from '../context.ts';
import { visible } from '../output/text.ts';

const execute = promisify(execFile);

/** Runs a program of the desktop, by words and never by a shell, and returns what it writes. It gets no settings of ours. */
export async function runProgram(
  { env, signal }: Pick<Context, 'env' | 'signal'>,
  program: string,
  words: readonly string[],
): Promise<string> {
  const theirs = Object.entries(env).filter(([name]) => !name.startsWith('ATCOM_'));
  const { stdout } = await execute(program, [...words], { env: Object.fromEntries(theirs), signal });
  return stdout.trim();
}

/** Whether this desktop can show a notification with buttons. */
export async function canNotify(context: Pick<Context, 'env' | 'signal'>): Promise<boolean> {
  const help = await runProgram(context, 'notify-send', ['--help']).catch(() => '');
  return help.includes('--action');
}

/** Asks with a notification that has two buttons; nobody agrees by closing it, nor where there is none. */
export async function askOnDesktop(context: Pick<Context, 'env' | 'signal'>, what: string): Promise<boolean> {
  // A body may hold markup, and a link comes from anywhere.
  const body = visible(what).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const buttons = ['--action=call=Call', '--action=no=Do not call'];
  const words = ['--app-name=atcom', '--wait', ...buttons, '--', 'Call?', body];
  try {
    return (await runProgram(context, 'notify-send', words)) === 'call';
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}
