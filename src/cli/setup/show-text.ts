import { visible } from '../../errors/visible.ts';
import type { SetupFacts, SetupReport } from '../../setup/index.ts';
import type { Paint } from '../output/output.ts';
import { columns } from '../output/text.ts';
import { foldNames, UNFOLDED } from '../press/folding.ts';

/** One block per phone; of many phones, those with the same facts share one. */
export function factsText(reports: readonly SetupReport[], paint: Paint): string {
  if (reports.length <= UNFOLDED) return reports.map((report) => block([report], paint)).join('\n');
  const groups = new Map<string, SetupReport[]>();
  for (const report of reports) {
    const { mac, ...shared } = rowsOf(report.facts);
    const key = JSON.stringify([shared, mac === UNKNOWN]);
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  return [...groups.values()].map((group) => block(group, paint)).join('\n');
}

const UNKNOWN = 'not recognised';

function block(group: readonly SetupReport[], paint: Paint): string {
  const [first] = group;
  if (first === undefined) return '';
  const name = visible(foldNames(group));
  const host = first.host === first.phone ? '' : ` (${visible(first.host)})`;
  const title = group.length > 1 ? `${name} (${group.length})` : `${name}${host}`;
  const { mac, ...others } = rowsOf(first.facts);
  const macs = mac === UNKNOWN || group.length === 1 ? mac : `${group.length}, see --json`;
  const rows = Object.entries({ model: others.model, firmware: others.firmware, MAC: macs, ...others.pages });
  const text = columns(rows.map(([label, value]) => [`  ${label}`, visible(value)]));
  return `${paint('bold', title)}\n${text}`;
}

function rowsOf({ model = UNKNOWN, firmware = UNKNOWN, mac = UNKNOWN, allowList, ...urls }: SetupFacts) {
  return {
    model,
    firmware,
    mac,
    pages: {
      'Action URLs': urlsText(urls),
      'allow list':
        allowList === undefined ? UNKNOWN : allowList.join(', ') || 'empty: remote control is off',
    },
  };
}

/** `42 of 42, to http://172.16.0.184:8088`. */
function urlsText({ actionUrls, events }: Pick<SetupFacts, 'actionUrls' | 'events'>): string {
  if (actionUrls === undefined) return UNKNOWN;
  const urls = Object.values(actionUrls);
  if (urls.length === 0) return `none of ${events}`;
  const places = [...new Set(urls.map(placeOf))].sort();
  const shown = places.length > 3 ? [...places.slice(0, 3), `${places.length - 3} more places`] : places;
  return `${urls.length} of ${events}, to ${shown.join(', ')}`;
}

function placeOf(url: string): string {
  return /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? 'an invalid URL';
}
