import { expect, it } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { OTHER_EXIT_CODES, OUTCOMES, type Outcome } from '../../src/protocol/outcomes.ts';

const host = '172.16.0.57';
const reason = 'x';

/** The failure that tells of each outcome; a missing outcome does not compile. */
const FAILURES: { readonly [O in Exclude<Outcome, 'ok' | 'confirmed'>]: AtcomError } = {
  approval: new AtcomError('approval', { host }),
  unauthorized: new AtcomError('unauthorized', { host, status: 401, gaveCredentials: true }),
  refused: new AtcomError('refused', { host, status: 500 }),
  busy: new AtcomError('busy', { host }),
  unreachable: new AtcomError('unreachable', { host, reason }),
  partial: new AtcomError('partial', { done: 1, total: 2, reason }),
  unknown: new AtcomError('unknown', { host, reason }),
  skipped: new AtcomError('skipped', { reason }),
  unconfirmed: new AtcomError('unconfirmed', { event: 'outgoingCall', contrary: 'remoteBusy' }),
};

it('has an exit code for every outcome', () => {
  expect(Object.entries(OUTCOMES).map(([outcome, { exitCode }]) => [outcome, exitCode])).toEqual([
    ['ok', 0],
    ['confirmed', 0],
    ['unconfirmed', 6],
    ['approval', 4],
    ['unauthorized', 4],
    ['refused', 5],
    ['busy', 5],
    ['unreachable', 3],
    ['partial', 7],
    ['unknown', 7],
    ['skipped', 1],
  ]);
});

it.each(Object.entries(FAILURES))(
  'ends a command with %s as its error does',
  (outcome, { code, exitCode }) => {
    expect([outcome, OUTCOMES[outcome as Outcome].exitCode]).toEqual([code, exitCode]);
  },
);

it('has other exit codes that no single outcome has', () => {
  expect(OTHER_EXIT_CODES.map(({ exitCode }) => exitCode)).toEqual([1, 2, 6, 130]);
});

it('says the fact of each', () => {
  const rows = [...Object.values(OUTCOMES), ...OTHER_EXIT_CODES];
  expect(rows.filter(({ fact }) => fact.trim().length < 10)).toEqual([]);
});
