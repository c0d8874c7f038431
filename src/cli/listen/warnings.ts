import { againText, Sparingly } from '../../receiver/index.ts';
import type { Output } from '../output/output.ts';
import { count, visible } from '../output/text.ts';

/** Tells a person what is wrong while a program listens, with the time, because such a program runs for months. */
export type Warn = (text: string) => void;

/** Makes what warns on stderr. */
export function newWarn(output: Output): Warn {
  return (text) =>
    output.note((paint) => {
      const time = paint('dim', new Date().toISOString());
      return `${time} ${paint('yellow', 'warning')}: ${visible(text)}`;
    });
}

/** Milliseconds in which the same is told once, and how much else is told in that time. */
const SELDOM = { every: 10_000, most: 20 } as const;

/** Warns of what may happen with every event: of the same once within a time, and then how often it was. */
export function newSeldomWarn(warn: Warn): (key: string, text: string) => void {
  const warnings = new Sparingly<string>(
    (text, again) => warn(text + againText(again)),
    (others) => warn(`${count(others, 'warning')} more`),
    SELDOM,
  );
  return (key, text) => warnings.take(key, text);
}
