import { AtcomError } from '../../src/errors.ts';
import type {
  Attempt,
  RunDocument,
  ScenarioResult,
  SeenEvent,
  StepResult,
  TraceEntry,
} from '../../src/scenario/index.ts';

// What runs of scenarios can come to, made by hand.

type Cast = ScenarioResult['phones'][number];
type Name = SeenEvent['event'];

export const lobby: Cast = {
  role: 'a',
  phone: 'lobby',
  host: '10.0.0.1',
  extension: '6001',
  model: 'A48',
  virtual: false,
};
export const virtual: Cast = {
  role: 'b',
  phone: 'virtual 6002',
  host: '',
  extension: '6002',
  model: 'A20',
  virtual: true,
};

const on = (role: string) => ({ role, phone: role === 'a' ? 'lobby' : 'virtual 6002' });
const press = (at: number, role: string, keys: string): TraceEntry => ({
  ...on(role),
  at,
  kind: 'press',
  keys,
});
const answer = (at: number, role: string, answered: { outcome: 'ok' | 'unknown'; status?: number }) =>
  ({ ...on(role), at, kind: 'answer', url: 'http://10.0.0.1/', head: '', ms: 14, ...answered }) as const;
const event = (at: number, role: string, event: Name, remote?: string): TraceEntry => ({
  ...on(role),
  at,
  kind: 'event',
  event: {
    event,
    phone: on(role).phone,
    time: '2026-11-25T03:54:08.449Z',
    source: '10.0.0.1',
    path: '/',
    values: remote === undefined ? {} : { remote },
  },
});
const seen = (at: number, role: string, event: Name): SeenEvent => ({ at, role, event, values: {} });

export const step = (
  number: number,
  role: string | undefined,
  what: string,
  more: Partial<StepResult> = {},
) =>
  ({
    phase: 'steps',
    number,
    place: { line: number + 10, col: 5 },
    role,
    text: role === undefined ? what : `${role}: ${what}`,
    status: 'passed',
    at: number * 10,
    ms: 5,
    ...more,
  }) satisfies StepResult;

export const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  verdict: more.error === undefined ? 'passed' : 'failed',
  started: '2026-11-25T03:54:08.449Z',
  ms: 365.1,
  steps: [],
  trace: [],
  ...more,
});

export const scenario = (
  status: ScenarioResult['status'],
  more: Partial<ScenarioResult> = {},
): ScenarioResult => ({
  name: `one that is ${status}`,
  file: 'flows/call.yaml',
  line: 3,
  tags: ['smoke'],
  status,
  ms: 366,
  phones: [lobby, virtual],
  attempts: [],
  error: more.attempts?.at(-1)?.error,
  ...more,
});

export const run = (results: readonly ScenarioResult[], more: Partial<RunDocument> = {}): RunDocument => {
  const count = (status: string) => results.filter((result) => result.status === status).length;
  const summary = {
    scenarios: results.length,
    passed: count('passed'),
    failed: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    flaky: count('flaky'),
    ms: 1234,
  };
  const ok = summary.failed + summary.errors === 0;
  return { schema: 'atcom/1', command: 'test', ok, exitCode: ok ? 0 : 6, summary, results, ...more };
};

export const UNMET = new AtcomError('unmet', {
  role: 'b',
  phone: 'virtual 6002',
  what: 'incomingCall',
  within: '3s',
  silence: 'other',
});
const UNWANTED = new AtcomError('unwanted', {
  role: 'b',
  phone: 'virtual 6002',
  event: 'incomingCall',
  early: false,
});
export const LOST = new AtcomError('unknown', { host: '10.0.0.1', reason: 'the connection broke' });

const calling = [
  press(10.1, 'a', '6002;DIAL'),
  answer(15, 'a', { outcome: 'ok', status: 200 }),
  event(16, 'a', 'outgoingCall', 'sip:6002@pbx'),
];
export const passed = scenario('passed', {
  attempts: [
    attempt({
      steps: [
        step(1, 'a', 'dial 6002'),
        step(2, 'b', 'expect incomingCall within 3s', { events: [seen(21.1, 'b', 'incomingCall')] }),
      ],
      trace: [...calling, event(21, 'b', 'incomingCall', 'sip:6001@pbx'), event(22, 'b', 'idleToBusy')],
    }),
  ],
});
export const failed = scenario('failed', {
  attempts: [
    attempt({
      error: UNMET,
      steps: [
        step(1, 'a', 'idle', { phase: 'setup', at: 1 }),
        step(1, 'a', 'dial 6002'),
        step(2, 'b', 'expect incomingCall within 3s', {
          status: 'failed',
          ms: 3000,
          error: UNMET,
          seen: [seen(17, 'b', 'openDND')],
          elsewhere: [seen(16, 'a', 'outgoingCall')],
        }),
        step(2, 'a', 'expect established within 5s', { status: 'stopped', ms: 3000.2 }),
        step(3, undefined, 'pause 2s', { status: 'skipped', ms: 0 }),
        step(1, 'a', 'hangup', { phase: 'cleanup', at: 3021, status: 'error', error: LOST }),
      ],
      trace: [
        ...calling,
        event(17, 'b', 'openDND'),
        press(3021, 'a', 'ENDCALL'),
        answer(3026, 'a', { outcome: 'unknown' }),
      ],
    }),
  ],
});
export const unwanted = scenario('failed', {
  attempts: [
    attempt({
      error: UNWANTED,
      steps: [
        step(1, 'a', 'dial 6002'),
        step(2, 'b', 'never incomingCall during 1s', { status: 'failed', error: UNWANTED }),
      ],
      trace: [...calling, event(25.1, 'b', 'incomingCall')],
    }),
  ],
});
export const taken = scenario('error', {
  error: new AtcomError('phone-in-use', { phone: 'lobby', owner: 'process 42 on pbx' }),
});
export const skipped = scenario('skipped', {
  error: new AtcomError('skipped', { reason: 'a has one line only' }),
});
export const flaky = scenario('flaky', {
  attempts: [...failed.attempts, ...passed.attempts],
  error: undefined,
});

export const NASTY = `<script>alert("1")</script>' onload='x &amp; \`\u202ednE \u0000\u2028\u001b[2J`;
export const SHOWN = `<script>alert("1")</script>' onload='x &amp; \`\\u202ednE \\u0000\\u2028\\u001b[2J`;
export const hostile = scenario('failed', {
  name: NASTY,
  file: `${NASTY}.yaml`,
  tags: [NASTY],
  phones: [
    { ...lobby, phone: NASTY, host: NASTY, extension: NASTY, model: NASTY },
    { ...virtual, role: NASTY },
  ],
  attempts: [
    attempt({
      error: UNMET,
      steps: [step(1, NASTY, NASTY, { status: 'failed', error: UNMET, seen: [] })],
      trace: [
        press(10, NASTY, NASTY),
        event(11, 'a', 'incomingCall', NASTY),
        event(12, NASTY, 'incomingCall', NASTY),
      ],
    }),
  ],
});
