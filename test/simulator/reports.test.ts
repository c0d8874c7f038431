import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULTS } from '../../src/simulator/switchboard/faults.ts';
import { reportTable } from './reports.ts';

/** A page, without the blanks that the formatter puts into its tables. */
function page(name: string): string {
  return plain(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'));
}

function plain(markdown: string): string {
  return markdown.replace(/-{3,}/g, '---').replace(/ +\|/g, ' |');
}

it('the documentation shows what virtual phones report; copy the received text if they report something else', () => {
  expect(page('what-phones-report.md')).toBe(plain(reportTable()));
});

it.each(Object.entries(FAULTS))('%s is documented, with what is reported of it', (name, what) => {
  expect(page('virtual-phones.md')).toContain(`| \`${name}\` | ${what} |`);
});
