import type { Listening } from '../../receiver/index.ts';

/** Two virtual phones, so that the first has somebody to call; both have reported their start before a key is pressed. */
export async function startVirtual(listening: Listening | undefined) {
  const { startSimulator } = await import('../../simulator/index.ts');
  const base = { phones: 2, approved: true } as const;
  if (listening === undefined) return startSimulator(base);
  const { hub, phonebook, port } = listening;
  const simulator = await startSimulator({ ...base, actionUrl: `http://127.0.0.1:${port}` });
  for (const { name, host, mac } of simulator.phones) {
    phonebook.add({ name, host, mac });
    await hub.waitFor('registered', { where: { mac } });
  }
  return simulator;
}
