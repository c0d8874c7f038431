import type { EventEmitter } from 'node:events';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/**
 * Makes a command refuse an option that takes one value and is given twice: the first value would be dropped in silence,
 * and with it phones that were to be pressed. What the help calls repeatable collects its values.
 */
export function givenOnce(command: CommandUnknownOpts): void {
  for (const option of command.options) {
    if (!(option.required || option.optional) || option.description.includes('repeatable')) continue;
    // Before the parser takes the value; its types leave out that it is an emitter of Node.
    (command as unknown as EventEmitter).prependListener(`option:${option.name()}`, () => {
      if (command.getOptionValueSource(option.attributeName()) !== 'cli') return;
      command.error(
        `error: ${option.long ?? option.flags} is given twice, and takes one value\n(give it once)`,
      );
    });
  }
}
