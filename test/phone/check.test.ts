import { describe, expect, it } from 'vitest';
import { Phone, type PressOptions } from '../../src/phone/index.ts';
import { explainNumber } from '../../src/protocol/numbers.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { EventHub, startReceiver } from '../../src/receiver/index.ts';
import { rawServer } from '../support/raw-server.ts';

/** What JavaScript lets through, and types do not. */
const loose = <T>(value: unknown) => value as T;

describe('a setting that cannot be used is refused by a code, before anything is sent', () => {
  it.each<[string, unknown]>([
    ['scheme', 'ftp'],
    ['port', 1.5],
    ['port', '80'],
    ['path', 5],
    ['path', 'servlet'],
    ['timeout', Number.NaN],
    ['delay', -1],
    ['digits', 'x'],
    ['dialPrefix', 5],
    ['dialPlan', 5],
    ['letters', 'no'],
    ['approval', 5],
    ['approval', [403]],
    ['verbs', 5],
    ['macros', 'x'],
    ['tls', 5],
    ['auth', 'ntlm'],
    ['user', 5],
    ['mac', 5],
    ['extension', 6002],
    ['events', 'hold'],
    ['name', 5],
  ])('%s: %j', (name, value) => {
    expect(() => new Phone(loose<PhoneSettings>({ host: '127.0.0.1', [name]: value }))).toThrow(
      expect.objectContaining({ code: 'usage', message: `${name}: ${value} is not usable` }),
    );
  });

  it.each<[string, object]>([
    ['dialPlan.country', { country: 49 }],
    ['dialPlan.country', {}],
    ['dialPlan.country', { country: '+49' }],
    ['dialPlan.outside', { country: '49', outside: 0 }],
    ['dialPlan.national', { country: '49', national: null }],
    ['dialPlan.international', { country: '49', international: '' }],
    ['dialPlan.internal', { country: '49', internal: '4' }],
    ['dialPlan.domains', { country: '49', domains: 'pbx.example' }],
  ])('%s of %j', (name, dialPlan) => {
    const refused = expect.objectContaining({ code: 'usage', message: expect.stringContaining(`${name}: `) });
    expect(() => new Phone(loose<PhoneSettings>({ host: '127.0.0.1', dialPlan }))).toThrow(refused);
    expect(() => explainNumber('+49 30 1', loose<PhoneSettings>({ dialPlan }))).toThrow(refused);
  });

  it.each<[string, unknown]>([
    ['approval.body', /Allow/],
    ['approval.body', ''],
    ['approval.body', null],
    ['approval.status', 401],
    ['approval.status', null],
    ['approval.status', [200]],
    ['approval.status', ['403']],
    ['tls.fingerprint', 5],
    ['tls.ca', null],
    ['tls.insecure', 'no'],
  ])('%s: %j', (setting, value) => {
    const [group = '', name = ''] = setting.split('.');
    expect(() => new Phone(loose<PhoneSettings>({ host: '127.0.0.1', [group]: { [name]: value } }))).toThrow(
      expect.objectContaining({ code: 'usage', message: `${setting}: ${value} is not usable` }),
    );
  });

  it('a sequence that is no string', () => {
    const settings = loose<PhoneSettings>({ host: '127.0.0.1', verbs: { hangup: ['ENDCALL'] } });
    expect(() => new Phone(settings)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('without the password in its words', () => {
    expect(() => new Phone(loose<PhoneSettings>({ host: '127.0.0.1', password: 4711 }))).toThrow(
      expect.objectContaining({ code: 'usage', message: 'password: … is not usable' }),
    );
  });

  it.each([undefined, null, 5, '127.0.0.1'])('settings that are %j', (settings) => {
    expect(() => new Phone(loose<PhoneSettings>(settings))).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('{ host: "172.16.0.57" }') }),
    );
  });
});

describe('what cannot be pressed or waited for is refused before a key is pressed', () => {
  const hub = new EventHub();
  const options = (given: object) => loose<PressOptions>({ confirm: hub, ...given });

  it.each<[string, (phone: Phone) => unknown]>([
    ['within: NaN', (phone) => phone.dnd(true, options({ within: Number.NaN }))],
    ['within: -1', (phone) => phone.dnd(true, options({ within: -1 }))],
    ['wait within 2**31', (phone) => phone.mute(options({ wait: { events: ['mute'], within: 2 ** 31 } }))],
    ['wait: 5', (phone) => phone.mute(options({ wait: 5 }))],
    ['wait: null', (phone) => phone.mute(options({ wait: null }))],
    ['wait: {}', (phone) => phone.mute(options({ wait: {} }))],
    ['wait for no event', (phone) => phone.mute(options({ wait: { events: [] } }))],
    ['wait for what is no list', (phone) => phone.mute(options({ wait: { events: 'mute' } }))],
    ['wait for no such event', (phone) => phone.mute(options({ wait: { events: ['nosuch'] } }))],
    [
      'wait for no such next event',
      (phone) => phone.mute(options({ wait: { events: ['mute'], followedBy: ['x'] } })),
    ],
    ['contrary: 5', (phone) => phone.mute(options({ wait: { events: ['mute'], contrary: 5 } }))],
    ['endedBy: null', (phone) => phone.mute(options({ wait: { events: ['mute'], endedBy: null } }))],
    ['state: null', (phone) => phone.mute(options({ wait: { events: ['mute'], state: null } }))],
    ['beforeSend: 5', (phone) => phone.mute(options({ beforeSend: 5 }))],
    ['onSend: 5', (phone) => phone.mute(options({ onSend: 5 }))],
    ['onRequest: 5', (phone) => phone.mute(options({ onRequest: 5 }))],
    ['confirm: true', (phone) => phone.dnd(true, options({ confirm: true }))],
    ['retry: NaN', (phone) => phone.mute(options({ retry: Number.NaN }))],
    ['retry: -1', (phone) => phone.mute(options({ retry: -1 }))],
    ['waitApproval: Infinity', (phone) => phone.mute(options({ waitApproval: Number.POSITIVE_INFINITY }))],
    ['afterAnswer: 12', (phone) => phone.mute(options({ afterAnswer: 12 }))],
    ['signal: 5', (phone) => phone.mute(options({ signal: 5 }))],
    ['options: 5', (phone) => phone.mute(loose<PressOptions>(5))],
    ['a verb that there is not', (phone) => phone.volume(loose<'up'>('sideways'))],
    ['no verb at all', (phone) => phone.do(loose<{ form: 'mute' }>(undefined))],
    ['a line that is no number', (phone) => phone.dial('6002', { line: Number.NaN })],
    ["dnd('off')", (phone) => phone.dnd(loose<boolean>('off'))],
    ['dnd without a word', (phone) => phone.dnd(loose<boolean>(undefined))],
    ['blind: 1', (phone) => phone.transfer('6040', { blind: loose<boolean>(1) })],
    ["speaker: 'yes'", (phone) => phone.dial('6040', { speaker: loose<boolean>('yes') })],
    ['headset: 1', (phone) => phone.answer({ headset: loose<boolean>(1) })],
    ["orAlready: 'no'", (phone) => phone.dnd(true, options({ orAlready: 'no' }))],
    ['times: 0.5', (phone) => phone.volume('up', { times: 0.5 })],
    ['words that are none', (phone) => phone.press(loose<['HOLD']>('HOLD'))],
    ['a word that is none', (phone) => phone.press(loose<['HOLD']>([5]))],
    ['no sequence', (phone) => phone.send(loose<[]>(undefined))],
  ])('%s', async (_, pressed) => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const phone = new Phone({ host: server.host });
    // Some are refused at once, others by their promise.
    await expect((async () => pressed(phone))()).rejects.toMatchObject({ code: 'usage' });
    expect(server.connections).toBe(0);
  });

  it.each([5, null, 'x'])('options of a receiver that are %j', async (given) => {
    await expect((async () => startReceiver(loose<object>(given)))()).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('an event that is none', async () => {
    await expect(hub.waitFor(loose<'hold'>(undefined))).rejects.toMatchObject({ code: 'unknown-event' });
  });
});
