import { visible } from '../../errors/visible.ts';
import { againText, Sparingly } from '../../receiver/index.ts';
import type { Output } from '../output/output.ts';
import { count } from '../output/text.ts';

/** Warns on stderr while a program listens, with the time, because such a program runs for months. */
export type Warn = (text: string) => void;

/** Makes what warns on stderr. */
export function newWarn(output: Output): Warn {
  return (text) =>
    output.note((paint) => {
      const time = paint('dim', new Date().toISOString());
      return `${time} ${paint('yellow', 'warning')}: ${visible(text)}`;
    });
}

/** The interval in milliseconds in which a repeated warning is shown once, and how many others are shown in it. */
const SELDOM = { every: 10_000, most: 20 } as const;

/** Warns of problems that can occur with every event: once per interval, and then with the number of repetitions. */
export function newSeldomWarn(warn: Warn): (key: string, text: string) => void {
  const warnings = new Sparingly<string>(
    (text, again) => warn(text + againText(again)),
    (others) => warn(`${count(others, 'warning')} more`),
    SELDOM,
  );
  return (key, text) => warnings.take(key, text);
}
