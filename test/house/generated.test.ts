import { expect, it } from 'vitest';
import { ROOT, run } from './run.ts';

// It runs the demo, too.
it('the generated parts of the pages are up to date', async () => {
  const ended = await run(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: ROOT });
  expect(ended).toEqual({ code: 0, out: '', err: '' });
}, 60_000);
