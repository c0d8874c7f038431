import { expect, it } from 'vitest';
import { CALL, newBench, press, send } from './helpers.ts';
import { start } from './started.ts';
import { testFlows, testReports } from './tables.ts';

testReports([
  ['the other side refuses a hold', `${CALL} | 6001 ?holdRefused | 6001 HOLD`, []],
  ['… the next one is taken', `${CALL} | 6001 ?holdRefused | 6001 HOLD | 6001 HOLD`, ['6001 hold 6002']],
  ['both hold at once', `${CALL} | 6001 ?holdGlare | 6001 HOLD`, []],
  [
    'an answer crosses the cancel',
    '6001 6002;DIAL | 6002 ?answerCrossesCancel | 6001 ENDCALL',
    [
      '6001 cancelCallOut 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6002 answerNewIncomingCall 6001',
      '6002 offHook',
      '6002 established 6001',
      '6002 terminated 6001',
      '6002 onHook',
      '6002 busyToIdle',
    ],
  ],
  [
    'the other side vanishes',
    `${CALL} | 6002 ?vanish | 6002 ENDCALL`,
    ['6002 terminated 6001', '6002 onHook', '6002 busyToIdle'],
  ],
  ['… and cannot be held', `${CALL} | 6002 ?vanish | 6001 HOLD`, []],
  [
    '… nor called',
    '6002 ?vanish | 6001 6002;DIAL',
    [
      '6001 digits',
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6002',
      '6001 callRemoteCanceled 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'a transfer is refused',
    `${CALL} | 6001 ?transferRefused | 6001 TRANSFER;6003 | 6001 BLIND`,
    ['6001 transferCall 6002', '6001 blindTransfer 6002', '6001 transferFailed 6002'],
  ],
  [
    'a transfer never ends',
    `${CALL} | 6001 ?transferUnfinished | 6001 TRANSFER;6003 | 6001 BLIND`,
    ['6001 transferCall 6002', '6001 blindTransfer 6002'],
  ],
  ['the registrar is away', '6001 ?registrarAway', ['6001 registerFailed']],
  [
    '… no calls out',
    '6001 ?registrarAway | 6001 6002 | 6001 DIAL',
    [
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6002',
      '6001 remoteBusy 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
]);

testFlows([
  [
    'a hold that is refused leaves the call on',
    `${CALL} | 6001 ?holdRefused | 6001 HOLD`,
    'talking talking idle idle',
    '6001 Hold failed 488',
  ],
  [
    'no service shows',
    '6001 ?registrarAway',
    'idle idle idle idle',
    '6001 No service',
    '6001 no answer from the PBX',
  ],
  [
    'a transfer that never ends waits',
    `${CALL} | 6001 ?transferUnfinished | 6001 TRANSFER;6003;BLIND`,
    'transfer talking idle idle',
  ],
  [
    '… and can be left',
    `${CALL} | 6001 ?transferUnfinished | 6001 TRANSFER;6003;BLIND | 6001 ENDCALL`,
    'idle idle idle idle',
  ],
]);

it('clears faults, and shows pending ones', () => {
  const { switchboard, play } = newBench(2);
  switchboard.fault('6001', 'holdRefused');
  switchboard.fault('6001', 'registrarAway');
  expect(switchboard.faults('6001')).toEqual(['holdRefused', 'registrarAway']);
  switchboard.fault('6001', null);
  expect(switchboard.faults('6001')).toEqual([]);
  expect(play('6001 6002;DIAL').map(({ kind }) => kind)).toContain('incomingCall');
});

it('is set over HTTP', async () => {
  const { urls, simulator } = await start({ phones: 2, approved: true });
  const [first = '', second = ''] = urls;
  const fault = (body: string) => send(first, '/_sim/fault', { method: 'POST', body });
  expect(JSON.parse((await fault('{"fault":"holdrefused"}')).body)).toEqual(['holdRefused']);
  await press(first, '6002;DIAL');
  await press(second, 'ANSWER');
  await press(first, 'HOLD');
  expect(simulator.state('6001').state).toBe('talking');
  expect(JSON.parse((await send(first, '/_sim/fault')).body)).toEqual([]);
  expect((await fault('{"fault":"vanis"}')).status).toBe(400);
  expect((await fault('{}')).status).toBe(400);
  expect((await fault('{"fault":null}')).status).toBe(200);
});
