import { Command, Option } from '@commander-js/extra-typings';
import type { Network } from '../../doctor/listener.ts';
import { visible } from '../../errors/visible.ts';
import { CSV_HEADER } from '../../protocol/action-url-lines.ts';
import { isLoopback, loopbackText, parseListener } from '../../protocol/listener-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { actionUrlRows, ownUrls, parseEvents, parseVariables } from '../action-url/rows.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';

/**
 * `atcom action-url list|lint`
 *
 * @param network - how lint probes listeners; replaced in tests
 */
export function actionUrlCommand(context: Context, network?: Network) {
  return new Command('action-url')
    .summary("print what to enter on a phone's page, and find mistakes in it")
    .addCommand(listCommand(context))
    .addCommand(lintCommand(context, network));
}

function listCommand(context: Context) {
  const { output } = context;
  return new Command('list')
    .summary("print the lines for the phone's page 'Phone – Action URL'")
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
    .addOption(
      new Option('--format <format>', 'output format')
        .choices(['table', 'csv'] as const)
        .default('table' as const),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom action-url list http://172.16.0.184:8088 --only incomingCall,established',
    )
    .action(async (listener, { only, variables, format }) => {
      const rows = actionUrlRows(listener, { only, variables, own: await ownUrls(context) });
      const place = new URL(listener);
      const warnings = isLoopback(place) ? [loopbackText(place)] : [];
      const head = documentHead('action-url list');
      output.result({ ...head, listener, urls: rows, warnings }, () => {
        if (format === 'table') return columns(rows.map(({ label, url }) => [label, url]));
        return [CSV_HEADER, ...rows.map(({ event, label, url }) => [event, label, url])]
          .map(csvLine)
          .join('\n');
      });
      if (output.json) return;
      for (const warning of warnings)
        output.note((paint) => `${paint('yellow', 'warning')}  ${visible(warning)}`);
    });
}

function lintCommand(context: Context, network?: Network) {
  return new Command('lint')
    .summary('find mistakes in Action URLs')
    .description(
      'Checks one Action URL, or a file with one per line, as action-url list prints them; - reads stdin.\nRequests the root page of each listener, which is no event. Exits with 2 if there is an error.',
    )
    .argument('<url|file>', 'in single quotes, because of $ and &')
    .option('--offline', 'resolve no name and contact no listener')
    .addHelpText(
      'after',
      "\nExample:\n  $ atcom action-url lint 'http://172.16.0.184:8088/holdUrl.xml?mac=$mac'",
    )
    .action(async (source, { offline }) => {
      const { NETWORK } = await import('../../doctor/listener.ts');
      const { findingsText, linesOf, lintLines } = await import('../action-url/lint.ts');
      const { output, signal } = context;
      const lines = await linesOf(source, context);
      const asked = offline === true ? undefined : (network ?? NETWORK);
      const findings = await lintLines(lines, asked, signal, await ownUrls(context));
      const exitCode = findings.some(({ severity }) => severity === 'error') ? 2 : 0;
      const urls = lines.filter(({ url }) => url !== undefined).length;
      const head = documentHead('action-url lint', exitCode);
      output.result({ ...head, urls, findings }, (paint) =>
        output.quiet && findings.length === 0 ? '' : findingsText(findings, urls, paint),
      );
      context.exit(exitCode);
    });
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}
