import { Command } from '@commander-js/extra-typings';
import { parseTimeout } from '../../config/index.ts';
import { parseRate } from '../../fleet/pace.ts';
import { MOST_JOBS } from '../../fleet/run-fleet.ts';
import { parseListener } from '../../protocol/listener-url.ts';
import { parseEvents, parseVariables } from '../action-url/rows.ts';
import type { Context } from '../context.ts';
import { fleetCommand, targetCommand, wholeNumber, withTargets } from '../options.ts';

const EXPERIMENTAL =
  'Experimental, unverified on hardware: these pages are not in the document of the vendor. ';

/** `atcom setup show|action-urls|allow-list` */
export function setupCommand(context: Context) {
  return new Command('setup')
    .summary('read and change phones through their own web page (experimental, unverified on hardware)')
    .description(
      `${EXPERIMENTAL}Each command first reads the page and shows how the phone differs. Then it writes what differs, reads again and compares. The user is admin unless ATCOM_USER or the config says otherwise; the password comes from the same places as for keys.`,
    )
    .addHelpText('after', '\nExample:\n  $ atcom setup show virtual --json')
    .addCommand(showCommand(context))
    .addCommand(actionUrlsCommand(context))
    .addCommand(allowListCommand(context));
}

function showCommand(context: Context) {
  return targetCommand('show')
    .summary("show what phones' pages say: model, firmware, MAC, Action URLs, allow list")
    .description(
      `${EXPERIMENTAL}Reads the pages Status, Phone – Action URL and Phone – Remote Control, and changes nothing. --json has every field as the phone sent it, except passwords.`,
    )
    .argument('[target...]', 'phones, as for --to')
    .option('-n, --dry-run', 'print the URLs it would read, and read none')
    .option('--timeout <duration>', 'time limit of one request, such as 5s', parseTimeout)
    .option('-j, --jobs <n>', 'phones served at the same time (default: 128)', wholeNumber(1, MOST_JOBS))
    .option('--rate <rate>', 'start at most this many phones, such as 20/s', parseRate)
    .addHelpText('after', '\nExample:\n  $ atcom setup show virtual')
    .action(async (targets, options) => {
      const { runShow } = await import('../setup/show.ts');
      await runShow(context, withTargets(targets, options));
    });
}

function actionUrlsCommand(context: Context) {
  return changing('action-urls')
    .summary("write the URLs of action-url list into the phones' page 'Phone – Action URL'")
    .description(
      `${EXPERIMENTAL}Writes the Action URLs with which phones report events to a listener. Everything else on the page stays.`,
    )
    .argument(
      '<listener-url>',
      'where phones reach the listener, such as http://172.16.0.184:8088',
      parseListener,
    )
    .option('--only <events>', 'only these events, such as incomingCall,established', parseEvents)
    .option(
      '--variables <names>',
      'use these instead of mac, ip and those that matter to the event',
      parseVariables,
    )
    .option('--clear', 'empty the fields that point to this listener instead')
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom setup action-urls http://127.0.0.1:8088 --to virtual --dry-run',
    )
    .action(async (listener, options) => {
      const { runActionUrls } = await import('../setup/pages.ts');
      await runActionUrls(context, listener, options);
    });
}

function allowListCommand(context: Context) {
  return changing('allow-list')
    .summary('add a computer to the "Action URI allow IP list" of phones, or remove it')
    .description(
      `${EXPERIMENTAL}Changes one entry of the "Action URI allow IP list" of the page Phone – Remote Control; the others stay. A phone still asks "Allow Remote Control?" when the first key arrives: see atcom allow.`,
    )
    .option('--add [address]', 'add this address; by default, this computer as the phone sees it')
    .option('--remove [address]', 'remove this address')
    .option('--yes-any', 'really add any, which lets everyone on the network press keys')
    .option('--yes-empty', 'really remove the last entry, after which nobody can press keys')
    .addHelpText('after', '\nExample:\n  $ atcom setup allow-list --add 172.16.0.184 --to virtual')
    .action(async (options) => {
      const { runAllowList } = await import('../setup/pages.ts');
      await runAllowList(context, options);
    });
}

/** A command that changes a page of phones. */
const changing = (name: string) =>
  fleetCommand(name, {
    dryRun: 'read and show how the phones differ, but write nothing',
    retry: 'try again if a phone is in a call or was not reached',
    serial: 'write in waves, such as 1,10%,100%',
    yes: 'do not ask, even for many phones',
  });
