import { visible } from '../../errors/visible.ts';
import type { Happening } from '../../simulator/index.ts';
import type { Context } from '../context.ts';
import { newSeldomWarn, newWarn } from '../listen/warnings.ts';
import { isBehind } from '../output/output.ts';
import { columns } from '../output/text.ts';

/** Prints what happens to virtual phones. Whoever reaches them makes it happen, as fast as they like. */
export function printHappenings({
  output,
  stdout,
}: Pick<Context, 'output' | 'stdout'>): (happening: Happening) => void {
  const complain = newSeldomWarn(newWarn(output));
  return (happening) => {
    if (isBehind(stdout)) complain('output lost', 'output: lost, because too many lines wait for its reader');
    else output.result({ type: 'happening', ...happening }, () => happeningText(happening));
  };
}

/** `6001  outgoingCall  6002`. */
function happeningText({ phone, kind, remote = '', detail = '' }: Happening): string {
  return columns([[phone, kind, visible(remote), visible(detail)].filter((cell) => cell !== '')]);
}
