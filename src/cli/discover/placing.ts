import type { Config } from '../../config/index.ts';
import type { Find } from '../../fleet/discover.ts';
import { type Endpoint, hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';

/** A phone that was found, and what the config knows about it. */
export interface PlacedFind extends Find {
  /**
   * `known`: the config has its address; `moved`: the config has its MAC at another address; `replaced`: the config has
   * its address, but with another MAC; `new`: neither.
   */
  readonly status: 'new' | 'known' | 'moved' | 'replaced';
  /** Its name in the config; for a replaced phone, the name of its predecessor. */
  readonly phone?: string;
  /** Its address in the config, if that is a different one. */
  readonly was?: string;
  readonly mac?: string;
}

/** Compares finds with the config: by address, and by MAC if it is known. */
export async function placeFinds(
  context: Context,
  config: Config,
  finds: readonly Find[],
): Promise<readonly PlacedFind[]> {
  if (finds.length === 0) return [];
  const { gatherHearsay, macOf } = await import('../../doctor/mac.ts');
  const { sightedElsewhere } = await import('../listen/sighted-elsewhere.ts');
  const hearsay = await gatherHearsay(
    config.phones.values(),
    await sightedElsewhere(context),
    context.readArp,
  );
  const byPlace = await placesOf(config.phones.values());
  const byMac = new Map([...config.phones.values()].reverse().map((phone) => [phone.mac, phone]));
  return Promise.all(
    finds.map(async (find): Promise<PlacedFind> => {
      const settings = { host: hostText(find.endpoint), scheme: find.endpoint.scheme };
      const here = byPlace.get(placeOf(find.endpoint));
      const mac = await macOf({ ...here, ...settings }, hearsay);
      const owner = mac === undefined ? undefined : byMac.get(mac);
      return { ...find, ...place({ here, mac, owner }), ...(mac && { mac }) };
    }),
  );
}

/** The phones of the config by address; a phone with a host name is listed at each of its addresses. */
async function placesOf(phones: Iterable<PhoneSettings>): Promise<ReadonlyMap<string, PhoneSettings>> {
  const { resolvedHosts } = await import('../../doctor/route.ts');
  const places = await Promise.all(
    [...phones].map(async (phone) => {
      const endpoint = endpointOf(phone);
      const hosts = await resolvedHosts(endpoint.host);
      return hosts.map((host): [string, PhoneSettings] => [placeOf({ ...endpoint, host }), phone]);
    }),
  );
  // The first name of an address is the one that is reported.
  return new Map(places.flat().reverse());
}

/** The address of a phone; its http and https servers are one phone if both use the default port. */
function placeOf({ scheme, host, port }: Endpoint): string {
  const usual = port === undefined || port === (scheme === 'https' ? 443 : 80);
  return hostText({ scheme: 'http', host, port: usual ? undefined : port });
}

interface Known {
  /** The phone at this address according to the config. */
  readonly here: PhoneSettings | undefined;
  readonly mac: string | undefined;
  /** The phone with this MAC according to the config. */
  readonly owner: PhoneSettings | undefined;
}

function place({ here, mac, owner }: Known): Pick<PlacedFind, 'status' | 'phone' | 'was'> {
  if (owner !== undefined && owner !== here && owner.mac !== here?.mac) {
    return { status: 'moved', phone: nameOf(owner), was: hostText(endpointOf(owner)) };
  }
  if (here === undefined) return { status: 'new' };
  const other = mac !== undefined && here.mac !== undefined && mac !== here.mac;
  return { status: other ? 'replaced' : 'known', phone: nameOf(here) };
}
