import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { actionUrlPlan, allowListPlan, changePage, lookAt } from '../../src/setup/index.ts';
import {
  startSimulator,
  WEB_VARIANT_NAMES,
  WEB_VARIANTS,
  type WebVariant,
} from '../../src/simulator/index.ts';

const WANTED = 'http://172.16.0.184:8088/holdUrl.xml?mac=$mac';
const BEFORE = 'http://10.0.0.1/old?mac=$mac';
const PASSWORD = 'correct horse';

/**
 * What each variant comes to when a page is changed, and what the phone then has. Where it shows in no way that it took
 * the password, that is not sent for the second page.
 */
const ENDS: Readonly<
  Record<WebVariant, { readonly urls: string; readonly list: string; readonly changed?: 'both' | 'urls' }>
> = {
  'other-names': { urls: 'unrecognised-page', list: 'unrecognised-page' },
  'other-case': { urls: 'ok', list: 'ok', changed: 'both' },
  'no-get': { urls: 'ok', list: 'ok', changed: 'both' },
  html: { urls: 'unrecognised-page', list: 'unauthorized' },
  empty: { urls: 'unrecognised-page', list: 'unauthorized' },
  truncated: { urls: 'unrecognised-page', list: 'unauthorized' },
  nested: { urls: 'unrecognised-page', list: 'unrecognised-page' },
  'text-codes': { urls: 'ok', list: 'ok', changed: 'both' },
  'other-user': { urls: 'page-refused', list: 'unauthorized' },
  'two-lists': { urls: 'ok', list: 'unrecognised-page', changed: 'urls' },
  masked: { urls: 'unrecognised-page', list: 'unrecognised-page' },
  clears: { urls: 'ok', list: 'ok', changed: 'both' },
  forgets: { urls: 'not-kept', list: 'not-kept' },
  silent: { urls: 'ok', list: 'ok', changed: 'both' },
  invalid: { urls: 'page-refused', list: 'page-refused' },
};

async function phoneOf(variant: WebVariant) {
  const actionUrls = { hold: BEFORE, mute: BEFORE };
  const web = { password: PASSWORD, variant };
  const simulator = await startSimulator({ allow: ['10.0.0.1'], actionUrls, web });
  onTestFinished(() => simulator.close());
  const [{ host = '', url = '' } = {}] = simulator.phones;
  const ask = async (path: string) => (await fetch(`${url}${path}`)).json();
  return { phone: { settings: { host, password: PASSWORD } }, ask };
}

it.each(WEB_VARIANT_NAMES)('ends without a wrong write on firmware with %s', async (variant) => {
  const { urls, list, changed } = ENDS[variant];
  const { phone, ask } = await phoneOf(variant);
  const codeOf = (report: { outcome: string; error?: { code: string } }) =>
    report.error?.code ?? report.outcome;
  const plan = actionUrlPlan(new Map([['hold', WANTED]]));
  expect(codeOf(await changePage(phone, 'action-urls', plan))).toBe(urls);
  const add = allowListPlan({ address: '172.16.0.184', listed: true });
  expect(codeOf(await changePage(phone, 'remote-control', add))).toBe(list);
  // Nothing beside what was wanted, whatever the phone does with fields that it is not sent.
  expect(await ask('/_sim/action-url')).toEqual({ hold: changed ? WANTED : BEFORE, mute: BEFORE });
  expect(await ask('/_sim/allow-list')).toEqual({
    allow: changed === 'both' ? '10.0.0.1, 172.16.0.184' : '10.0.0.1',
  });
});

it.each(WEB_VARIANT_NAMES)('shows what is recognised of firmware with %s', async (variant) => {
  const { phone } = await phoneOf(variant);
  const { outcome, pages } = await lookAt(phone);
  expect(['ok', 'refused']).toContain(outcome);
  expect(JSON.stringify(pages)).not.toContain('******');
});

it('names the fields that were there where none is recognised', async () => {
  const { phone } = await phoneOf('other-names');
  const report = await changePage(phone, 'remote-control', allowListPlan({ address: '::1', listed: true }));
  expect('error' in report && report.error.hint).toMatch(/the fields that were there: P\d+, P\d+, P\d+$/);
});

it.each(WEB_VARIANT_NAMES)('is described: %s', (variant) => {
  const page = readFileSync(new URL('../../docs/virtual-phones.md', import.meta.url), 'utf8');
  expect(page).toMatch(new RegExp(`^\\| \`${variant}\` +\\| ${WEB_VARIANTS[variant].what} +\\|$`, 'm'));
});
