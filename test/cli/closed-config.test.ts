import { expect, it } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { startListening } from '../../src/cli/listen/start-listening.ts';

it('a listener is not opened without the token that may be in a file that this user may not read', async () => {
  const config = async () => ({ closed: '/etc/atcom/atcom.config.yaml', listener: { port: 0 } });
  await expect(startListening({ config } as unknown as Context)).rejects.toMatchObject({
    code: 'unreadable-file',
    details: { file: '/etc/atcom/atcom.config.yaml', reason: 'permission denied' },
    hint: expect.stringContaining('ATCOM_LISTENER_TOKEN'),
  });
});
