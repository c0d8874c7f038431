import { runFleet } from '../../fleet/run-fleet.ts';
import { originOf } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import { PAGES, type SetupReport, WEB_PATH } from '../../setup/index.ts';
import type { Context } from '../context.ts';
import { showProgress } from '../output/progress.ts';
import { showReports } from '../press/show-reports.ts';
import { leftAlone, type SetupOptions, selectForSetup, tellExperimental, webPhone } from './phones.ts';
import { factsText } from './show-text.ts';

/** `atcom setup show` */
export async function runShow(context: Context, options: SetupOptions): Promise<void> {
  const selected = await selectForSetup(context, options);
  try {
    tellExperimental(context);
    const { phones } = selected;
    if (options.dryRun === true) return showUrls(context, phones);
    const started = performance.now();
    const reports = await lookAtAll(context, phones, options);
    const ms = Math.round(performance.now() - started);
    const read = reports.filter(({ pages }) => Object.keys(pages).length > 0);
    showReports(context, 'setup show', reports, {
      ms,
      render: (paint) => (context.output.quiet ? '' : factsText(read, paint)),
    });
  } finally {
    await selected.close();
  }
}

function showUrls({ output }: Context, phones: readonly PhoneSettings[]): void {
  const urls = phones.flatMap((phone) =>
    Object.values(PAGES).map(({ read }) => `${originOf(endpointOf(phone))}${WEB_PATH}?${read}`),
  );
  output.result({ ...documentHead('setup show'), dryRun: true, urls }, () => urls.join('\n'));
}

async function lookAtAll(
  context: Context,
  phones: readonly PhoneSettings[],
  { jobs, rate }: SetupOptions,
): Promise<readonly SetupReport[]> {
  const { lookAt } = await import('../../setup/index.ts');
  await context.beforeSending?.(phones.length);
  const progress = showProgress(context.output, phones.length);
  const serve = async (settings: PhoneSettings) => {
    const report = await lookAt(webPhone(context, settings));
    progress.done('error' in report);
    return report;
  };
  const fleet = { jobs, interval: rate, signal: context.signal };
  const reports = await runFleet(phones, serve, () => false, fleet).finally(() => progress.stop());
  return phones.map(
    (phone, index) => reports[index] ?? { ...leftAlone(phone, 'the run was stopped'), facts: {}, pages: {} },
  );
}
