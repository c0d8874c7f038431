import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onAbort } from '../../abort.ts';
import { visible } from '../../errors/visible.ts';
import type { Context } from '../context.ts';
import { withoutOurs } from '../process/without-ours.ts';

const execute = promisify(execFile);

/**
 * Runs a desktop program with an argument vector, never through a shell, and returns its output. It gets none of our
 * settings.
 */
export async function runProgram(
  { env, signal }: Pick<Context, 'env' | 'signal'>,
  program: string,
  words: readonly string[],
): Promise<string> {
  const running = execute(program, [...words], { env: withoutOurs(env), signal });
  // Whoever interrupts does not wait for one that takes no hint.
  const forget = onAbort(signal, () => running.child.kill('SIGKILL'));
  const { stdout } = await running.finally(forget);
  return stdout.trim();
}

/** Whether this desktop can show a notification with buttons. */
export async function canNotify(context: Pick<Context, 'env' | 'signal'>): Promise<boolean> {
  const help = await runProgram(context, 'notify-send', ['--help']).catch(() => '');
  return help.includes('--action');
}

/** Asks with a notification that has two buttons. Closing it, or having no desktop, means no. */
export async function askOnDesktop(context: Pick<Context, 'env' | 'signal'>, what: string): Promise<boolean> {
  // The body can contain markup, and a link can come from anywhere.
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
