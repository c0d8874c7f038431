import { describe, expect, it } from 'vitest';
import { EVENT_DEFINITIONS, EVENTS } from '../../src/protocol/events.ts';
import { run } from './run.ts';

describe('atcom events', () => {
  it('lists every event of the table, a line each, under a title', async () => {
    const { exitCode, stdout, stderr } = await run(['events']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [title, ...lines] = stdout.trimEnd().split('\n');
    expect(title).toBe(
      "event, its field on the phone's page, when the phone …, variables besides mac and ip",
    );
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual(
      EVENT_DEFINITIONS.map(({ event, label, when }) => [event, label, when]),
    );
    expect(lines[6]).toMatch(
      /^incomingCall +Incoming Call +receives an incoming call +local call_id remote display_remote$/,
    );
  });

  it('is one document in JSON', async () => {
    const { stdout, stderr } = await run(['events', '--json']);
    const { events, ...head } = JSON.parse(stdout);
    expect([head, stderr]).toEqual([{ schema: 'atcom/1', command: 'events', ok: true, exitCode: 0 }, '']);
    expect(events).toHaveLength(EVENTS.length);
    expect(events[0]).toEqual({
      event: 'setupCompleted',
      label: 'Setup Completed',
      also: ['setup'],
      when: 'completes startup',
      variables: ['model', 'firmware'],
    });
    expect(events[4]).toMatchObject({ event: 'offHook', also: [], variables: [] });
  });

  it('takes no words', async () => {
    expect((await run(['events', 'hold'])).exitCode).toBe(2);
  });
});
