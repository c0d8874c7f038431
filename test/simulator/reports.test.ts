import { expect, it } from 'vitest';
import { reportTable } from './reports.ts';

it('the documentation prints what virtual phones report', async () => {
  await expect(reportTable()).toMatchFileSnapshot('../../docs/what-phones-report.md');
});
