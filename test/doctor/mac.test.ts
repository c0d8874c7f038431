import { describe, expect, it, vi } from 'vitest';
import { readNeighbours } from '../../src/doctor/arp.ts';
import { compareMac, gatherHearsay } from '../../src/doctor/mac.ts';
import type { Sighting } from '../../src/receiver/index.ts';
import { addressesOf } from '../../src/transport/route.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';

vi.mock(import('../../src/transport/route.ts'), { spy: true });

const OWN = '80:82:87:04:6B:C2';
const OTHER = '80:82:87:00:00:01';

const ARP = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.5         0x1         0x2         80:82:87:04:6b:c2     *        eth0
10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.7         0x1         0x2         80:82:87:00:00:01     *        eth0
nonsense
`;

/** What a phone reported, of itself unless another source is given. */
function said(mac: string, ip: string, { source = ip.replace(/:\d+$/, ''), minute = 0 } = {}): Sighting {
  return { source, ip, mac, time: `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z` };
}

describe('the ARP table', () => {
  it('returns the MACs of neighbours that answered', async () => {
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

  it('are spoken to before they are looked up, without a word', async () => {
    const server = await rawServer(() => undefined);
    const phones = [{ host: server.host }, { host: `127.0.0.1:${await closedPort()}` }];
    await readNeighbours(undefined, phones);
    await vi.waitUntil(() => server.connections === 1);
    expect(server.received).toEqual(['']);
  });
});

/** What is found about a phone of the config: an address, its MAC `OWN`, and others beside it. */
async function compare(
  sightings: readonly Sighting[],
  { arp = '', host = '10.0.0.5', others = [] as readonly string[] } = {},
) {
  const phone = { name: 'lobby', host, mac: OWN };
  const phones = [phone, ...others.map((other) => ({ host: other }))];
  return compareMac(phone, await gatherHearsay(phones, sightings, async () => arp));
}

describe('a phone of the config', () => {
  it('is the same by its events, by the ARP table, or by both', async () => {
    const events = { kind: 'same', where: 'its events' };
    expect(await compare([said(OWN, '10.0.0.5')])).toEqual(events);
    expect(await compare([], { arp: ARP })).toEqual({
      kind: 'same',
      where: 'the ARP table of this computer',
    });
    expect(await compare([said(OWN, '10.0.0.5')], { arp: ARP })).toEqual(events);
  });

  it('is another one where either says so', async () => {
    const arp = ARP.replace('6b:c2', '00:09');
    expect(await compare([said(OWN, '10.0.0.5')], { arp })).toEqual({
      kind: 'other',
      where: 'the ARP table of this computer',
      mac: '80:82:87:04:00:09',
    });
    expect(await compare([said(OTHER, '10.0.0.5')], { arp: ARP })).toMatchObject({
      kind: 'other',
      where: 'its events',
      mac: OTHER,
    });
  });

  it('is another one by an event without ip= from its address', async () => {
    expect(await compare([said(OTHER, '', { source: '10.0.0.5' })])).toMatchObject({ kind: 'other' });
  });

  it('is identified by its port where phones share an address', async () => {
    const swapped = [said(OTHER, '127.0.0.1:7001'), said(OWN, '127.0.0.1:7002')];
    expect(await compare(swapped, { host: '127.0.0.1:7001' })).toMatchObject({ kind: 'other', mac: OTHER });
    expect(await compare(swapped, { host: '127.0.0.1:7002' })).toEqual({ kind: 'same', where: 'its events' });
    const others = ['10.0.0.5:8002'];
    const there = [said(OTHER, '10.0.0.5:8001'), said(OWN, '10.0.0.5:8002')];
    expect(await compare(there, { host: '10.0.0.5:8001', others })).toMatchObject({ kind: 'other' });
  });

  it('cannot be identified by the ARP table where phones share an address', async () => {
    const host = '10.0.0.5:8001';
    expect(await compare([], { host, others: ['10.0.0.5:8002'], arp: ARP })).toMatchObject({
      kind: 'unknown',
    });
    expect(await compare([], { host, others: [host], arp: ARP })).toMatchObject({ kind: 'same' });
  });

  it.each<[string, readonly Sighting[], RegExp, { host?: string; others?: readonly string[] }?]>([
    ['nobody was heard', [], /^neither an event that a listener heard/],
    [
      'phones share its address, and no port is named',
      [said(OWN, '10.0.0.5')],
      /^several phones share its address/,
      { host: '10.0.0.5:8001', others: ['10.0.0.5:8002'] },
    ],
    [
      'it is a virtual phone, and no port is named',
      [said(OWN, '127.0.0.1')],
      /^several phones share/,
      { host: '127.0.0.1:7001' },
    ],
    [
      'it is behind NAT',
      [said(OWN, '192.168.1.7', { source: '10.0.0.5' })],
      /^neither an event/,
      { host: '10.0.0.5:8001', others: ['10.0.0.5:8002'] },
    ],
    [
      'somebody else says that it is the right one',
      [said(OWN, '10.0.0.5', { source: '10.0.0.66' })],
      /^only an event from 10\.0\.0\.66 says/,
    ],
    ['its events name no address', [said(OWN, '', { source: '10.0.0.5' })], /add ip=\$ip/],
    [
      'its name stands for no address',
      [said(OWN, '10.0.0.5')],
      /from 10\.0\.0\.5$/,
      { host: 'nosuch.invalid' },
    ],
  ])('cannot be checked where %s', async (_, sightings, why, options) => {
    expect(await compare(sightings, options)).toEqual({ kind: 'unknown', why: expect.stringMatching(why) });
  });
});

describe('a phone whose name has several addresses', () => {
  const [there, also] = ['10.0.0.5', '10.0.0.8'];
  const here = '10.0.0.8 0x1 0x2 80:82:87:04:6b:c2 * eth0\n';
  const another = here.replace('04:6b:c2', '00:00:01');
  const both = [said(OWN, there), said(OWN, also)];
  const where = 'the ARP table of this computer';
  const unknown = {
    kind: 'unknown',
    why: 'neither an event that a listener heard nor the ARP table shows the MAC of each address of its name',
  };

  it.each<[string, readonly Sighting[], string, object]>([
    ['the same where the ARP table has it at each', [], `${ARP}${here}`, { kind: 'same', where }],
    ['the same where it reported from each', both, '', { kind: 'same', where: 'its events' }],
    ['another where one has another MAC', [], `${ARP}${another}`, { kind: 'other', mac: OTHER, where }],
    ['another where one has, whatever it reports', both, another, { kind: 'other', mac: OTHER, where }],
    ['not known where one has no entry', [], ARP, unknown],
    ['not known where it reported from one', [said(OWN, also)], '', unknown],
  ])('is %s', async (_, sightings, arp, answer) => {
    vi.mocked(addressesOf).mockResolvedValueOnce([there, also].map((address) => ({ address, family: 4 })));
    expect(await compare(sightings, { arp, host: 'lobby.test' })).toEqual(answer);
  });

  it('is the same on this computer, whichever address of that it reports', async () => {
    vi.mocked(addressesOf).mockResolvedValueOnce(
      ['::1', '127.0.0.1'].map((address) => ({ address, family: 4 })),
    );
    const reported = [said(OWN, '127.0.0.1:7001')];
    expect(await compare(reported, { host: 'lobby.test:7001' })).toMatchObject({ kind: 'same' });
  });
});

describe('a phone that says of itself that it is elsewhere', () => {
  const away = said(OWN, '10.0.0.9', { minute: 5 });
  const config = {
    kind: 'contradiction',
    config: true,
    says: expect.stringContaining(`${OWN} for 10.0.0.9 `),
  };

  it.each<[string, readonly Sighting[]]>([
    ['alone', []],
    ['after an event that names no address', [said(OWN, '', { source: '10.0.0.5', minute: 3 })]],
    [
      'beside somebody else who says that it is here',
      [said(OWN, '10.0.0.5', { source: '10.0.0.66', minute: 9 })],
    ],
  ])('is not at the address of the config: %s', async (_, more) => {
    expect(await compare([away, ...more])).toEqual(config);
  });

  it('is there where the ARP table says so, or a later event from there', async () => {
    expect(await compare([away], { arp: ARP })).toMatchObject({ kind: 'same', doubt: expect.any(String) });
    const back = said(OWN, '', { source: '10.0.0.5', minute: 9 });
    expect(await compare([away, back])).toMatchObject({ kind: 'unknown' });
  });
});

describe('a forged event', () => {
  const right = said(OWN, '10.0.0.5', { minute: 3 });
  const wrong = said(OTHER, '10.0.0.5', { minute: 3 });

  it.each<[string, Sighting]>([
    ['from elsewhere', said(OWN, '10.0.0.5', { source: '10.0.0.66', minute: 9 })],
    ['from the same computer', said(OWN, '10.0.0.5', { minute: 9 })],
    ['without an address', said(OWN, '', { source: '10.0.0.5', minute: 9 })],
  ])('makes no wrong phone right: %s', async (_, lie) => {
    expect(await compare([wrong, lie])).toEqual({
      kind: 'contradiction',
      says: expect.stringMatching(
        /^80:82:87:04:6B:C2.* from .* at .*; 80:82:87:00:00:01 for 10\.0\.0\.5 from/,
      ),
    });
    expect(await compare([wrong, lie], { arp: ARP.replace('6b:c2', '00:09') })).toMatchObject({
      kind: 'other',
    });
  });

  it('is reported where it claims that the right phone is another one', async () => {
    const lie = said(OTHER, '10.0.0.5', { source: '10.0.0.66', minute: 9 });
    expect(await compare([right, lie])).toEqual({
      kind: 'contradiction',
      says: expect.stringContaining('80:82:87:00:00:01 for 10.0.0.5 from 10.0.0.66 at 2026-11-28T10:09'),
    });
    expect(await compare([lie])).toEqual({
      kind: 'other',
      mac: OTHER,
      where: 'an event from 10.0.0.66',
      firsthand: false,
    });
  });

  it('does not outweigh the ARP table, but is still reported', async () => {
    const lie = said(OTHER, '10.0.0.5', { source: '10.0.0.66', minute: 9 });
    const where = 'the ARP table of this computer';
    expect(await compare([right, lie], { arp: ARP })).toEqual({
      kind: 'same',
      where,
      doubt: expect.stringContaining('from 10.0.0.66'),
    });
    expect(await compare([lie], { arp: ARP })).toEqual({
      kind: 'same',
      where,
      doubt: `${OTHER} by an event from 10.0.0.66`,
    });
  });

  it('contradicts where the same MAC is reported elsewhere later, and not where that was earlier', async () => {
    const moved = said(OWN, '10.0.0.9', { minute: 9 });
    expect(await compare([right, moved])).toMatchObject({ kind: 'contradiction' });
    expect(await compare([right, said(OWN, '10.0.0.9', { minute: 1 })])).toMatchObject({ kind: 'same' });
    const claimed = said(OWN, '10.0.0.9', { source: '10.0.0.66', minute: 9 });
    expect(await compare([right, claimed])).toMatchObject({ kind: 'same' });
  });
});
