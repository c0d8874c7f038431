import { expect, it, onTestFinished } from 'vitest';
import { parseSequence } from '../../../src/protocol/sequence.ts';
import { Phonebook, startReceiver } from '../../../src/receiver/index.ts';
import { runAttempt } from '../../../src/scenario/play/attempt.ts';
import type { LeafStep, PressStep, Scenario } from '../../../src/scenario/scenario.ts';
import { rawServer } from '../../support/raw-server.ts';
import { reported } from './events.ts';

const place = { line: 1, col: 1 };

const press = (key: string): PressStep => ({
  kind: 'press',
  role: 'a',
  sequence: parseSequence([key]),
  options: {},
  place,
  text: `a: key ${key}`,
});

/** A phone that takes keys, in a scenario with these steps. */
async function played(leaves: readonly LeafStep[], onStep: (text: string, hear: () => void) => void) {
  const keys: string[] = [];
  const phone = await rawServer((socket, request) => {
    keys.push(/key=(\S*)/.exec(request)?.[1] ?? '');
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const phonebook = new Phonebook();
  const receiver = await startReceiver({ port: 0, phones: phonebook });
  onTestFinished(() => receiver.close());
  const scenario: Scenario = {
    name: 'x',
    file: 'x.yaml',
    place,
    tags: [],
    timeout: 5000,
    cleanupTimeout: 5000,
    roles: [{ name: 'a', settings: { host: phone.host, name: 'a' }, virtual: false }],
    setup: [],
    steps: leaves.map((leaf) => ({ join: 'each', leaves: [leaf] })),
    cleanup: [],
    simulator: {},
  };
  const attempt = runAttempt(scenario, {
    listen: async () => ({ hub: receiver.hub, phonebook, lost: new Promise<never>(() => undefined) }),
    signal: new AbortController().signal,
    force: false,
    onStep: (_, text) => onStep(text, () => receiver.hub.publish(reported('mute', 'a'))),
  });
  return { attempt, keys };
}

it('a phone is hung up also after a bug, which is thrown', async () => {
  const { attempt, keys } = await played([press('REDIAL'), press('HOLD')], (text) => {
    if (text === 'a: key HOLD') throw new Error('a bug');
  });
  await expect(attempt).rejects.toThrow('a bug');
  expect(keys).toEqual(['REDIAL', 'ENDCALL']);
});

it('who reports without end ends the attempt, which keeps what it has; then the phone is hung up', async () => {
  const holds = { kind: 'expect', role: 'a', patterns: [{ events: ['hold'] }], mode: 'any' } as const;
  const expects = { ...holds, what: 'hold', within: 60_000, place, text: 'a: expect hold' } as const;
  const { attempt, keys } = await played([press('REDIAL'), expects, press('HOLD')], (text, hear) => {
    if (text === expects.text) setTimeout(() => Array.from({ length: 20_001 }, hear));
  });
  const { verdict, error, steps, trace } = await attempt;
  expect({ verdict, error, keys }).toMatchObject({
    verdict: 'error',
    error: { code: 'too-many-events', details: { role: 'a', count: 20_000, sources: ['127.0.0.1'] } },
    keys: ['REDIAL', 'ENDCALL'],
  });
  expect(steps.map(({ status }) => status)).toEqual(['passed', 'stopped', 'skipped', 'passed']);
  expect(trace.filter(({ kind }) => kind === 'event')).toHaveLength(20_000);
});

it('a step that failed shows the last events before it, and says how many came earlier', async () => {
  const never = {
    kind: 'never',
    role: 'a',
    pattern: { events: ['mute'] },
    what: 'mute',
    during: 5000,
  } as const;
  const { attempt } = await played([{ ...never, place, text: 'never' }], (_, hear) =>
    Array.from({ length: 130 }, hear),
  );
  const [step] = (await attempt).steps;
  expect([step?.seen?.length, step?.elsewhere, step?.omitted]).toEqual([100, [], 30]);
});
