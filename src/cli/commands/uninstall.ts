import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';

/** `atcom uninstall` */
export function uninstallCommand(context: Context) {
  return new Command('uninstall')
    .summary('remove what atcom left in this account')
    .description(
      'Removes compiled code and what atcom remembers about phones. Names the config and whatever else is in its ' +
        'folders, but leaves them to you. Remove the ' +
        'program itself the way you installed it: apt, npm, or rm.',
    )
    .option('-n, --dry-run', 'list everything and remove nothing')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ atcom uninstall --dry-run')
    .action(async (options) => {
      const { uninstall } = await import('../uninstall/uninstall.ts');
      await uninstall(context, options);
    });
}
