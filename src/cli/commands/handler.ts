import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';

/** `atcom handler install|remove|status|open` */
export function handlerCommand(context: Context) {
  return new Command('handler')
    .summary("dial from this desktop's tel:, callto: and sip: links")
    .addHelpText('after', '\nExample:\n  $ atcom handler status')
    .addCommand(installCommand(context))
    .addCommand(
      new Command('remove').summary('stop opening these links').action(async () => {
        const { removeHandler } = await import('../handler/install.ts');
        await removeHandler(context);
      }),
    )
    .addCommand(
      new Command('status').summary('show which program opens these links').action(async () => {
        const { showHandler } = await import('../handler/install.ts');
        await showHandler(context);
      }),
    )
    .addCommand(openCommand(context));
}

function installCommand(context: Context) {
  return new Command('install')
    .summary('open these links with atcom')
    .description(
      'Registers atcom for tel:, callto: and sip: links of this account (freedesktop.org). A click asks ' +
        'before it dials: in a notification, or in a terminal if notify-send cannot show buttons. Calls are logged in handler.log, in the state folder of atcom.',
    )
    .option('-t, --to <target>', "the phone that calls; by default, the config's default")
    .option('--no-ask', 'dial at once; any page that makes a browser follow a link can then start a call')
    .option('--for <system>', 'write the file for another system instead: windows or macos (both untested)')
    .addHelpText('after', '\nExample:\n  $ atcom handler status')
    .action(async (options) => {
      const { installHandler } = await import('../handler/install.ts');
      await installHandler(context, options);
    });
}

function openCommand(context: Context) {
  return new Command('open')
    .summary('call the number in a link; run by the desktop')
    .argument('<link>', 'tel:…, callto:… or sip:…')
    .option('-t, --to <target>', "the phone that calls; by default, the config's default")
    .option('--no-ask', 'dial at once')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .addHelpText('after', '\nExample:\n  $ atcom handler open tel:6040 --to virtual --no-ask')
    .action(async (link, options) => {
      const { openLink } = await import('../handler/open.ts');
      await openLink(context, link, options);
    });
}
