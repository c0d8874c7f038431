import { expect, it } from 'vitest';
import type { PhoneFinder } from '../../../src/scenario/read/casting.ts';
import { readScenarios } from '../../../src/scenario/read/scenarios.ts';
import { newWavReader } from '../../../src/scenario/read/wav.ts';

function read(text: string, phones: Partial<PhoneFinder> = { simulate: true }, signal?: AbortSignal) {
  return readScenarios(
    { path: '/x.yaml', file: 'x.yaml', text },
    {
      cwd: '/',
      phones: phones as PhoneFinder,
      readWords: () => Promise.reject(new Error('no command is read')),
      readWav: newWavReader(),
      signal,
    },
  );
}

const list = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index));

it('a signal ends the reading of a file before its next step', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error('interrupted')));
  const text = `name: x\nphones: { a: virtual }\nsteps:\n${'  - pause: 1s\n'.repeat(20)}`;
  await expect(read(text, undefined, stop.signal)).rejects.toThrow('interrupted');
});

it('a signal ends it before its next phone is looked for', async () => {
  const stop = new AbortController();
  const found: string[] = [];
  const find = async (name: string) => {
    found.push(name);
    if (found.length === 1) setImmediate(() => stop.abort(new Error('interrupted')));
    return { host: `${name}.example` };
  };
  const text = `name: x\nphones: {${list(20, (index) => `p${index}: p${index}`).join(', ')}}\nsteps: [{ pause: 1s }]`;
  await expect(read(text, { find, simulate: false }, stop.signal)).rejects.toThrow('interrupted');
  expect(found.length).toBeLessThan(5);
});

// This took the square of their number, which was minutes.
it('a file of nothing but unknown settings has the first of them reported', async () => {
  const unknown = list(60_000, (index) => `k${index}: 1\n`).join('');
  const { problems } = await read(`name: x\nphones: { a: virtual }\nsteps: [{ pause: 1s }]\n${unknown}`);
  expect(problems).toHaveLength(51);
  expect(problems[0]).toContain('x.yaml:4:1 k0: unknown setting');
});

it('a file with more mistakes than a call can have arguments has the first of them reported', async () => {
  const tags = '1,'.repeat(130_000);
  const { problems } = await read(
    `name: x\nphones: { a: virtual }\ntags: [${tags}]\nsteps: [{ pause: 1s }]\n`,
  );
  expect(problems).toHaveLength(51);
  expect(problems[0]).toContain('x.yaml:3:');
});

// So did this.
it('a step of nothing but unknown phones has the first of them reported', async () => {
  const names = list(4000, (index) => `b${index}`).join(',');
  const { problems } = await read(
    `name: x\nphones: { a: virtual }\nsteps:\n  - ? ${names}\n    : { expect: hold }`,
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/: there is no phone "b0"; there is a$/);
});

it('a scenario has at most a thousand phones, as many as a simulator', async () => {
  const phones = (count: number) =>
    `name: x\nphones: {${list(count, (index) => `p${index}: virtual`).join(', ')}}\nsteps: [{ pause: 1s }]`;
  expect((await read(phones(1000))).problems).toEqual([]);
  expect((await read(phones(1001))).problems).toEqual([
    'x.yaml:2:1 phones: are more than 1000; divide the scenario',
  ]);
});

// One combination of many names was copied once for each of them, which was hours.
it('with: has at most a hundred names', async () => {
  const text = (count: number) =>
    `name: x\nphones: { a: virtual }\nwith: {${list(count, (index) => `k${index}: [1]`).join(', ')}}\nsteps: [{ pause: 1s }]`;
  expect((await read(text(100))).problems).toEqual([]);
  expect((await read(text(101))).problems).toEqual([
    'x.yaml:3:1 with: has more than 100 names; divide the scenario',
  ]);
});

it('a pattern has at most 500 characters', async () => {
  const { problems } = await read(
    `name: x\nphones: { a: virtual }\nsteps:\n  - a: { expect: hold, where: { remote: "${'*a'.repeat(251)}" } }`,
  );
  expect(problems).toEqual([
    expect.stringMatching(/^x\.yaml:4:\d+ .*remote: must have at most 500 characters$/),
  ]);
});

it('the number of a phone in a pattern stands for itself, whatever is in it', async () => {
  const find = async (name: string) => ({
    host: `${name}.example`,
    extension: name === 'a' ? '*7?' : '6002',
  });
  const { problems, scenarios } = await read(
    'name: x\nphones: { a: a, b: b }\nsteps:\n  - b: { expect: incomingCall, where: { remote: "*$a@*" } }',
    { find, simulate: false },
  );
  expect(problems).toEqual([]);
  expect(JSON.stringify(scenarios[0]?.steps)).toContain(JSON.stringify('*\\*7\\?@*').slice(1, -1));
});
