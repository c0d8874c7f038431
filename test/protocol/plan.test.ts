import { expect, it } from 'vitest';
import { type PlannedRequest, planRequests } from '../../src/protocol/plan.ts';
import { parseSequence } from '../../src/protocol/sequence.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { codeOf } from './failure.ts';

const URL_57 = 'http://172.16.0.57/cgi-bin/server.cgi?key=';

it.each<[string, Omit<PhoneSettings, 'host'>, readonly Omit<PlannedRequest, 'path'>[]]>([
  ['LK2;60;SEND', {}, [{ after: 0, key: 'LINEKEY2;60;SEND', url: `${URL_57}LINEKEY2;60;SEND` }]],
  ['60', { digits: 'single' }, [{ after: 0, key: '6;0', url: `${URL_57}6;0` }]],
  [
    'HOLD;wait:1s;MUTE',
    {},
    [
      { after: 0, key: 'HOLD', url: `${URL_57}HOLD` },
      { after: 1000, key: 'MUTE', url: `${URL_57}MUTE` },
    ],
  ],
  [
    'HOLD;MUTE',
    { delay: 300, scheme: 'https', port: 8443, path: '/servlet' },
    [
      { after: 0, key: 'HOLD', url: 'https://172.16.0.57:8443/servlet?key=HOLD' },
      { after: 300, key: 'MUTE', url: 'https://172.16.0.57:8443/servlet?key=MUTE' },
    ],
  ],
])('%s on a phone with %j', (text, settings, planned) => {
  const expected = planned.map((request) => ({
    ...request,
    path: request.url.replace(/^\w+:\/\/[^/]+/, ''),
  }));
  expect(planRequests({ host: '172.16.0.57', ...settings }, parseSequence([text]))).toEqual(expected);
});

it('needs an address', () => {
  expect(codeOf(() => planRequests({ host: 'a b' }, parseSequence(['HOLD'])))).toBe('invalid-address');
});
