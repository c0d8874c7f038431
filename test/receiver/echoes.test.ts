import { expect, it, onTestFinished, vi } from 'vitest';
import { newEchoes } from '../../src/receiver/echoes.ts';
import { SECRET } from '../support/same-user.ts';
import { played } from './played.ts';

it('waits for a listener that stands still no longer for two than for one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let asked = 0;
  let tell = () => {};
  const port = await played(() => {
    asked += 1;
    tell();
  });
  const echoes = newEchoes({ host: '127.0.0.1', port, secret: SECRET });
  const reached = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const first = echoes.ask();
  await reached;
  const second = echoes.ask();
  await vi.advanceTimersByTimeAsync(3000);
  expect(await Promise.all([first, second])).toEqual([false, false]);
  expect(asked).toBe(1);
  // Later it may have gone on.
  const again = new Promise<void>((resolve) => {
    tell = resolve;
  });
  void echoes.ask();
  await again;
  echoes.close();
});
