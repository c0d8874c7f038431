import type { Model } from '../../src/protocol/models.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import type { Inventory } from '../../src/targets/inventory.ts';
import { expandNodeset } from '../../src/targets/nodeset.ts';
import type { Targets } from '../../src/targets/resolve.ts';

/** An inventory of `name: host` or settings; names and hosts may be ranges. */
export function inventory(
  phones: Readonly<Record<string, string | Omit<PhoneSettings, 'name'>>>,
  groups: Readonly<Record<string, string>> = {},
  defaultTarget?: string,
): Inventory {
  const entries = Object.entries(phones).flatMap(([names, given]) => {
    const settings = typeof given === 'string' ? { host: given } : given;
    const hosts = expandNodeset(settings.host);
    return expandNodeset(names).map((name, index) => {
      const phone: PhoneSettings = { ...settings, name, host: hosts[index] ?? '' };
      return [name, phone] as const;
    });
  });
  return { phones: new Map(entries), groups: new Map(Object.entries(groups)), defaultTarget };
}

const model = (host: string, known: Model) => ({ host, model: known });

/** An office: a reception, a lobby and a lab of twelve. */
export const OFFICE = inventory(
  {
    reception: model('172.16.0.57', 'A48'),
    lobby: '172.16.0.37',
    'lab-[01-12]': model('10.0.0.[101-112]', 'A41'),
    secure: { host: '172.16.0.60:8443', scheme: 'https', model: 'A48' },
    v6: '[fe80::1]:8080',
  },
  {
    floor1: 'reception,lobby',
    'row-1': 'lab-[01-06]',
    'row-2': 'lab-*!@row-1',
    house: '@floor1, @row-[1-2]',
    demo: 'virtual',
    a: 'lobby,@b',
    b: '@c!lobby',
    c: '@a',
    self: '@self',
    wrong: 'lobby,receptoin',
    stale: '@old',
    spare: 'lobby&v6',
    bare: '172.16.0.37',
    butBare: '@all,172.16.0.37:8080!@bare',
  },
);

/** Names, or addresses of phones without one; `+virtual` at the end. */
export function told({ phones, virtual }: Targets): string {
  return [...phones.map(({ name, host }) => name ?? host), ...(virtual ? ['+virtual'] : [])].join(' ');
}
