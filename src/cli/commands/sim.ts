import { Command, Option } from '@commander-js/extra-typings';
import { actionUrls } from '../../protocol/action-url.ts';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import { parseListener } from '../../protocol/listener-url.ts';
import { type Model, parseModel } from '../../protocol/models.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { SimulatorOptions } from '../../simulator/index.ts';
import { ownUrls } from '../action-url/rows.ts';
import type { Context } from '../context.ts';
import { collect, wholeNumber } from '../options.ts';
import { columns, count } from '../output/text.ts';
import { accountsOf } from '../sim/accounts.ts';
import { webOf } from '../sim/web.ts';

/** What the `--prompt-reply` words mean. */
const PROMPT_REPLIES = { 403: 403, 200: 200, close: 'close', hang: 'hang' } as const;

/** `atcom sim` */
export function simCommand(context: Context) {
  return new Command('sim')
    .summary('run virtual phones, to try things without hardware')
    .description('Runs virtual phones over real HTTP until Ctrl-C; they can call each other.')
    .option('--phones <n>', 'number of phones', wholeNumber(1, 1000), 2)
    .addOption(
      new Option('--model <models>', 'model, or a comma list, one for each phone')
        .argParser(parseModels)
        .default(['A48'] as Model[], 'A48'),
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <port>',
      'port of the first phone, the others follow; 0: any free ports',
      wholeNumber(0, 65_535),
      7001,
    )
    .option('--allow <addresses>', 'the "Action URI allow IP list": addresses, or any', 'any')
    .addOption(
      new Option('--prompt-reply <reply>', 'what a phone answers while it asks "Allow Remote Control?"')
        .choices(['403', '200', 'close', 'hang'] as const)
        .default('403' as const),
    )
    .option('--approved', 'as if Save had already been pressed')
    .option(
      '--action-url <url>',
      'report every event to this listener, such as http://127.0.0.1:8088; event=url sets one, repeatable',
      collect,
    )
    .option('--open', "show the phones in this desktop's browser")
    .option('--latency <duration>', 'delay before each response', parseDuration)
    .option('--ring <duration>', 'how long an unanswered call rings', parseDuration)
    .addOption(
      new Option('--pbx <kind>', 'kind of PBX that the phones appear to be behind')
        .choices(['proxy', 'b2bua'] as const)
        .default(undefined, 'proxy, or simulator: { pbx } of the config'),
    )
    .addOption(
      new Option('--refuse <code>', 'SIP status with which phones are busy or reject')
        .choices(['486', '480', '603', '404'] as const)
        .default(undefined, '486'),
    )
    .option('--web-user <user>', "user of the phones' web pages (default: admin)")
    .option(
      '--web-password-file <file>',
      'file with their password in its first line; without it, none is needed',
    )
    .option(
      '--web-variant <variant>',
      'how these pages differ from the firmware that is known, such as no-get',
    )
    .option('--sip <account>', 'one phone on a PBX: sip:6001@127.0.0.1:5060')
    .option('--password-file <file>', 'file with its password in the first line')
    .option('--sip-accounts <file>', 'YAML file with several accounts: uri, passwordFile, transport')
    .addOption(
      new Option('--transport <transport>', 'SIP transport')
        .choices(['udp', 'tcp', 'tls'] as const)
        .default(undefined, 'udp'),
    )
    .option('--register <duration>', 'how long a registration lasts', parseDuration)
    .option('--ca <file>', 'PEM file of certificates to trust for SIP over TLS')
    .addHelpText(
      'after',
      `
Look at a phone and act as the person in front of it, in a browser, where each phone is a page, or in a terminal:
  $ atcom sim --open
  $ curl http://127.0.0.1:7001/_sim/lcd
  $ curl --json '{"press":"save"}' http://127.0.0.1:7001/_sim/lcd
  $ curl http://127.0.0.1:7001/_sim/state

Receive what the phones report, change that while they run, and trigger what no key causes:
  $ atcom sim --action-url http://127.0.0.1:8088 --action-url 'offHook=http://127.0.0.1:9/x.xml?mac=$mac'
  $ curl http://127.0.0.1:7001/_sim/action-url
  $ curl --json '{"*":"http://127.0.0.1:8088","offHook":""}' http://127.0.0.1:7001/_sim/action-url
  $ curl --json '{"event":"autopFinish"}' http://127.0.0.1:7001/_sim/event
  $ curl --json '{"fault":"holdRefused"}' http://127.0.0.1:7001/_sim/fault

Phones on a PBX: the same keys, now through the PBX; what they hear, and the SIP messages:
  atcom sim --sip sip:6001@127.0.0.1:5060 --password-file 6001.secret
  curl http://127.0.0.1:7001/_sim/sip`,
    )
    .action(async ({ phones, model, host, port, allow, promptReply, approved, latency, ring, ...words }) => {
      const { startSimulator } = await import('../../simulator/index.ts');
      const { printHappenings } = await import('../sim/happenings.ts');
      const { output, signal } = context;
      const sip = await accountsOf(words, context);
      const simulator = await startSimulator({
        phones,
        models: model,
        host,
        port,
        allow: allow === 'any' ? 'any' : allow.split(',').map((address) => address.trim()),
        promptReply: PROMPT_REPLIES[promptReply],
        approved: approved === true,
        latency,
        ring,
        pbx: words.pbx ?? (await context.config()).simulator?.pbx,
        refuse: words.refuse === undefined ? undefined : Number(words.refuse),
        sip,
        web: await webOf(words, context),
        ...(await readActionUrls(words.actionUrl ?? [], context)),
        onHappening: printHappenings(context),
      });
      try {
        const { facesUrl, openInBrowser } = await import('../sim/faces.ts');
        const faces = facesUrl(simulator.phones);
        const ready = { type: 'ready', ...documentHead('sim'), phones: simulator.phones, faces };
        output.result(ready, () =>
          columns(simulator.phones.map((phone) => [phone.name, phone.extension, phone.model, phone.url])),
        );
        if (!output.json) {
          const phones = count(simulator.phones.length, 'virtual phone');
          output.note(() => `${phones}, ready, in a browser at ${faces}. Ctrl-C ends.`);
        }
        if (words.open === true && !(await openInBrowser(faces, context.env)))
          output.note(() => `No browser could be opened here: open ${faces} in one.`);
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener('abort', () => resolve(), { once: true });
        });
      } finally {
        await simulator.close();
      }
    });
}

function parseModels(text: string): Model[] {
  return text.split(',').map(parseModel);
}

/** A listener for every event, or `incomingCall=http://…` for one event; a URL has its `:` before any `=`. */
async function readActionUrls(
  words: readonly string[],
  context: Context,
): Promise<Pick<SimulatorOptions, 'actionUrl' | 'actionUrls'>> {
  const fields: Partial<Record<EventName, string>> = {};
  let actionUrl: string | undefined;
  for (const word of words) {
    const [, event, url = ''] = /^([^:/?=]+)=(.*)$/s.exec(word) ?? [];
    if (event === undefined) actionUrl = word;
    else fields[parseEvent(event)] = url;
  }
  if (actionUrl === undefined) return { actionUrls: fields };
  const own = await ownUrls(context);
  // As action-url list writes them, if the config's listener needs more than the document's URLs contain.
  return (own.token ?? own.events) === undefined
    ? { actionUrl, actionUrls: fields }
    : { actionUrls: { ...actionUrls(parseListener(actionUrl), own), ...fields } };
}
