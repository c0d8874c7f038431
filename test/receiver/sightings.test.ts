import { describe, expect, it } from 'vitest';
import { EventHub, type ReportedEvent } from '../../src/receiver/index.ts';

const MAC = '80:82:87:04:6B:C2';

/** A hub that heard these reports, a second apart. */
function hearing(...reports: readonly (readonly [string, Readonly<Record<string, string>>])[]): EventHub {
  const hub = new EventHub();
  for (const [index, [source, values]] of reports.entries()) hub.publish(report(source, values, index));
  return hub;
}

function report(source: string, values: Readonly<Record<string, string>>, second = 0): ReportedEvent {
  const time = `2026-11-28T10:00:${String(second).padStart(2, '0')}.000Z`;
  return { time, event: 'registered', phone: 'x', source, path: '/', values };
}

describe('a sighting', () => {
  it('is a MAC, the address that it was reported for, and who reported it', () => {
    const hub = hearing(['10.0.0.9', { mac: '80-82-87-04-6b-c2', ip: '10.0.0.5:7001' }]);
    expect(hub.sightings()).toEqual([
      { source: '10.0.0.9', ip: '10.0.0.5:7001', mac: MAC, time: '2026-11-28T10:00:00.000Z' },
    ]);
  });

  it('never joins what two reports said', () => {
    const hub = hearing(['10.0.0.5', { mac: MAC }], ['10.0.0.5', { ip: '10.0.0.7' }]);
    expect(hub.sightings()).toMatchObject([{ ip: '', mac: MAC }]);
  });

  it('is not taken back by another one, and has the time of the last', () => {
    const first = { mac: MAC, ip: '10.0.0.5' };
    const hub = hearing(
      ['10.0.0.5', first],
      ['10.0.0.5', { mac: '80:82:87:00:00:01', ip: '10.0.0.5' }],
      ['10.0.0.5', first],
    );
    expect(hub.sightings()).toMatchObject([
      { mac: '80:82:87:00:00:01', time: '2026-11-28T10:00:01.000Z' },
      { mac: MAC, time: '2026-11-28T10:00:02.000Z' },
    ]);
  });

  it('is later than those before it, also where the clock was set back meanwhile', () => {
    const hub = new EventHub();
    for (const [source, second] of [
      ['10.0.0.5', 30],
      ['10.0.0.7', 10],
      ['10.0.0.6', 10],
    ] as const)
      hub.publish(report(source, { mac: MAC, ip: source }, second));
    const expected = [
      { ip: '10.0.0.5', time: '2026-11-28T10:00:30.000Z' },
      { ip: '10.0.0.7', time: '2026-11-28T10:00:30.001Z' },
      { ip: '10.0.0.6', time: '2026-11-28T10:00:30.002Z' },
    ];
    expect(hub.sightings()).toMatchObject(expected);
    // Whoever is told of them later knows the same.
    const other = new EventHub();
    for (const sighting of hub.sightings()) other.sight(sighting);
    expect(other.sightings()).toMatchObject(expected);
  });

  it.each(['', 'x', '00:00:00:00:00:00', 'FF:FF:FF:FF:FF:FF', '01:00:5E:00:00:01'])(
    'is no report of %j',
    (mac) => {
      expect(hearing(['10.0.0.5', { mac, ip: '10.0.0.5' }]).sightings()).toEqual([]);
    },
  );

  it('has no address where the report names one that is none', () => {
    expect(hearing(['10.0.0.5', { mac: MAC, ip: '$ip' }]).sightings()).toMatchObject([{ ip: '' }]);
  });

  it('is not displaced by a stranger who makes up thousands', () => {
    const hub = hearing(['10.0.0.5', { mac: MAC, ip: '10.0.0.5' }]);
    for (let index = 0; index < 11_000; index++) {
      const mac = `80:82:87:0${index
        .toString(16)
        .padStart(5, '0')
        .replace(/(..)(..)$/, ':$1:$2')}`;
      hub.publish(report('10.0.0.66', { mac, ip: '10.0.0.5' }));
    }
    expect(hub.sightings()).toHaveLength(10_000);
    expect(hub.sightings()[0]).toMatchObject({ source: '10.0.0.5', mac: MAC });
  });

  it('is always displaced where there are most, however they come', () => {
    const hub = new EventHub();
    const kept = new Map<string, number>();
    for (let index = 0; index < 10_600; index++) {
      // Each source makes up as many as its number says.
      const source = Math.floor(Math.sqrt(2 * index));
      kept.set(`10.1.0.${source}`, (kept.get(`10.1.0.${source}`) ?? 0) + 1);
      hub.publish(report(`10.1.0.${source}`, { mac: MAC, ip: `10.2.${index >> 8}.${index & 255}` }));
    }
    for (let index = 10_000; index < 10_600; index++) {
      const [[most] = ['']] = [...kept].sort(([, one], [, other]) => other - one);
      kept.set(most, (kept.get(most) ?? 0) - 1);
    }
    const sizes = new Map<string, number>();
    for (const { source } of hub.sightings()) sizes.set(source, (sizes.get(source) ?? 0) + 1);
    expect([...sizes.values()].sort()).toEqual([...kept.values()].filter((size) => size > 0).sort());
  });

  it('is forgotten at last where each comes from somewhere else', () => {
    const hub = new EventHub();
    for (let index = 0; index < 10_001; index++) {
      hub.publish(report(`10.1.${index >> 8}.${index & 255}`, { mac: MAC }));
    }
    expect(hub.sightings()).toHaveLength(10_000);
    expect(hub.sightings()[0]).toMatchObject({ source: '10.1.0.1' });
  });
});
