import { describe, expect, it } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { Phone, type Transport } from '../../src/phone/index.ts';
import { endpointOf, type PhoneSettings } from '../../src/protocol/settings.ts';

const OK = { kind: 'answer', status: 200, head: 'HTTP/1.1 200 OK', body: '' } as const;

describe('settings that no type keeps out', () => {
  it.each<[string, object, string]>([
    ['a time limit that is no number', { timeout: Number.NaN }, 'usage'],
    ['a negative one', { timeout: -5 }, 'usage'],
    ['none at all', { timeout: 0 }, 'usage'],
    ['an endless one', { timeout: Number.POSITIVE_INFINITY }, 'usage'],
    ['one that no timer keeps', { timeout: 2 ** 31 }, 'usage'],
    ['one as text', { timeout: '5s' }, 'usage'],
    ['a negative delay', { delay: -1 }, 'usage'],
    ['a port out of range', { port: 99_999 }, 'usage'],
    ['no host', { host: undefined }, 'usage'],
    ['an empty host', { host: '' }, 'usage'],
    ['a model that there is not', { model: 'A99' }, 'unknown-model'],
  ])('are refused before anything is sent: %s', (_, settings, code) => {
    const make = () => new Phone({ host: '127.0.0.1:1', ...settings } as PhoneSettings);
    expect(make).toThrow(expect.objectContaining({ name: 'AtcomError', code }));
  });

  it.each([6002, undefined, null])('a number that is no text: %s', async (number) => {
    const sent: string[] = [];
    const transport: Transport = async ({ path }) => {
      sent.push(path);
      return OK;
    };
    const phone = new Phone({ host: '127.0.0.1:1' }, transport);
    const dial = async () => phone.dial(number as unknown as string);
    await expect(dial()).rejects.toMatchObject({ name: 'AtcomError', code: 'invalid-number' });
    expect(sent).toEqual([]);
  });
});

it('a request is not sent, nor what follows, where its caller finds that it must not be', async () => {
  const sent: string[] = [];
  const transport: Transport = async ({ path }) => {
    sent.push(path);
    return OK;
  };
  const phone = new Phone({ host: '127.0.0.1:1', name: 'lobby' }, transport);
  const beforeSend = async () => {
    if (sent.length > 0) throw new AtcomError('phone-in-use', { phone: 'lobby', owner: 'another process' });
  };
  const report = await phone.press(['HOLD', 'wait:1ms', 'MUTE', 'wait:1ms', 'RESUME'], { beforeSend });
  expect(sent).toEqual(['/cgi-bin/server.cgi?key=HOLD']);
  expect(report).toMatchObject({ outcome: 'partial', error: { cause: { code: 'phone-in-use' } } });
  expect(report.requests.map(({ outcome }) => outcome)).toEqual(['ok', 'skipped', 'skipped']);
});

describe('objects for one address', () => {
  it('press one after the other, however they spell it', async () => {
    const story: string[] = [];
    const transport: Transport = async ({ path }) => {
      story.push(`begin ${path.slice(-1)}`);
      await new Promise((resolve) => setImmediate(resolve));
      story.push(`end ${path.slice(-1)}`);
      return OK;
    };
    const phones = ['127.9.9.9', '127.9.9.9:80', 'http://127.9.9.9', 'http://127.9.9.9:80/'];
    await Promise.all(phones.map((host, index) => new Phone({ host }, transport).press([`${index + 1}`])));
    expect(story).toEqual([1, 2, 3, 4].flatMap((key) => [`begin ${key}`, `end ${key}`]));
  });

  it('press on after one that was refused', async () => {
    let refused = true;
    const transport: Transport = async () => {
      if (!refused) return OK;
      refused = false;
      return { kind: 'undelivered', error: new Error('connection refused') };
    };
    const outcomes = await Promise.all(
      [1, 2].map(async () => (await new Phone({ host: '127.9.9.8' }, transport).press(['HOLD'])).outcome),
    );
    expect(outcomes).toEqual(['unreachable', 'ok']);
  });
});

describe('one object of settings for several phones', () => {
  const presses = () => {
    const sent: string[] = [];
    const transport: Transport = async ({ endpoint, path }) => {
      sent.push(`${endpoint.host}${path.slice(path.indexOf('='))}`);
      return OK;
    };
    return { sent, transport };
  };

  it('presses the one that it names when it is given', async () => {
    const { sent, transport } = presses();
    const settings = { host: '10.0.0.1', timeout: 1000 };
    for (const host of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
      settings.host = host;
      const report = await new Phone(settings, transport).hangup();
      expect([report.phone, report.host]).toEqual([host, host]);
    }
    expect(sent).toEqual(['10.0.0.1=ENDCALL', '10.0.0.2=ENDCALL', '10.0.0.3=ENDCALL']);
  });

  it('changes nothing of a phone that was made of it', async () => {
    const { sent, transport } = presses();
    const settings = { host: '10.0.0.1', name: 'a', verbs: { hangup: 'RELEASE' } };
    const phone = new Phone(settings, transport);
    Object.assign(settings, { host: '10.0.0.2', name: 'b' });
    settings.verbs.hangup = 'REBOOT';
    expect((await phone.hangup()).phone).toBe('a');
    expect(sent).toEqual(['10.0.0.1=RELEASE']);
    expect(Object.isFrozen(phone.settings)).toBe(true);
  });

  it.each(['host', 'scheme', 'port', 'path'] as const)('has the endpoint of its %s as it is', (name) => {
    const settings: Record<string, unknown> & { host: string } = { host: '10.0.0.1' };
    const before = endpointOf(settings);
    expect(endpointOf(settings)).toBe(before);
    const value = { host: '10.0.0.2', scheme: 'https', port: 8080, path: '/servlet' }[name];
    Object.assign(settings, { [name]: value });
    expect(endpointOf(settings)[name]).toBe(value);
  });
});
