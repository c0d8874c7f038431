import { describe, expect, it } from 'vitest';
import { plainMac, readNeighbours } from '../../src/doctor/arp.ts';
import { compareMac } from '../../src/doctor/mac.ts';
import { type HeardPhone, UNHEARD } from '../../src/receiver/index.ts';

const OWN = '80:82:87:04:6B:C2';
const OTHER = '80:82:87:00:00:01';

const ARP = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.5         0x1         0x2         80:82:87:04:6b:c2     *        eth0
10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.7         0x1         0x2         80:82:87:00:00:01     *        eth0
nonsense
`;

/** A phone that was heard. */
function heard(phone: string, values: Readonly<Record<string, string>>, minute = 0): HeardPhone {
  const time = `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const state = { ...UNHEARD, heard: { event: 'registered', time } as const };
  return { phone, source: values['source'] ?? '10.9.9.9', values, state };
}

describe('the ARP table', () => {
  it('tells the MACs of neighbours that answered', async () => {
    expect(await readNeighbours(async () => ARP)).toEqual(
      new Map([
        ['10.0.0.5', OWN],
        ['10.0.0.7', OTHER],
      ]),
    );
  });

  it('is empty where it cannot be read', async () => {
    expect(await readNeighbours(() => Promise.reject(new Error('no such file')))).toEqual(new Map());
  });

  it.each([
    ['80-82-87-04-6b-c2', OWN],
    ['80828704' + '6bc2', OWN],
    ['00:00:00:00:00:00', undefined],
    ['80:82:87:04:6B', undefined],
    ['\u001b[31m', undefined],
  ])('reads %j as %s', (text, mac) => {
    expect(plainMac(text)).toBe(mac);
  });
});

describe('a phone of the config', () => {
  const phone = { name: 'lobby', host: '10.0.0.5', mac: OWN };
  const compare = async (reports: readonly HeardPhone[], arp = '', settings: object = {}) =>
    compareMac(
      { ...phone, ...settings },
      { heard: reports, neighbours: await readNeighbours(async () => arp) },
    );

  it('is the same by its events, by the ARP table, or by both', async () => {
    expect(await compare([heard('lobby', { mac: OWN, ip: '10.0.0.5' })])).toMatchObject({
      kind: 'same',
      where: 'its events',
    });
    expect(await compare([], ARP)).toMatchObject({ kind: 'same', mac: OWN });
    expect(await compare([heard('lobby', { mac: OWN, ip: '10.0.0.5' })], ARP)).toMatchObject({
      kind: 'same',
    });
  });

  it('is another one where either says so', async () => {
    const right = heard('lobby', { mac: OWN, ip: '10.0.0.5' });
    expect(await compare([right], ARP.replace('6b:c2', '00:09'))).toMatchObject({
      kind: 'other',
      where: 'the ARP table of this computer',
      mac: '80:82:87:04:00:09',
    });
    expect(await compare([heard('lobby', { mac: OTHER, ip: '10.0.0.5' })], ARP)).toMatchObject({
      kind: 'other',
      where: 'its events',
      mac: OTHER,
    });
  });

  it('is another one where a phone of another name has its address', async () => {
    const moved = heard('reception', { mac: OTHER, ip: '10.0.0.5' });
    expect(await compare([moved])).toMatchObject({ kind: 'other', mac: OTHER });
  });

  it('is what was reported last', async () => {
    const reports = [
      heard('lobby', { mac: OWN, ip: '10.0.0.5' }, 9),
      heard('reception', { mac: OTHER, ip: '10.0.0.5' }, 3),
    ];
    expect(await compare(reports)).toMatchObject({ kind: 'same' });
  });

  it('is told by the address that its events came from where they name none', async () => {
    expect(await compare([heard('lobby', { mac: OTHER, source: '10.0.0.5' })])).toMatchObject({
      kind: 'other',
    });
  });

  it.each<[string, readonly HeardPhone[], object?]>([
    ['nobody was heard', []],
    ['it was heard from elsewhere', [heard('lobby', { mac: OWN, ip: '10.0.0.9' })]],
    ['it said no MAC', [heard('lobby', { ip: '10.0.0.5' })]],
    ['it said something else', [heard('lobby', { mac: 'x', ip: '10.0.0.5' })]],
    [
      'another virtual phone of this computer was heard',
      [heard('v2', { mac: OTHER, ip: '127.0.0.1' })],
      { host: '127.0.0.1:7001' },
    ],
    ['its name stands for no address', [], { host: 'http://nosuch.invalid' }],
  ])('is unknown where %s', async (_, reports, settings) => {
    expect(await compare(reports, '', settings)).toEqual({ kind: 'unknown' });
  });
});
