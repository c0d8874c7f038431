import { isAtcomError } from '../errors.ts';
import { mayBeAddress, parseAddress } from '../protocol/command-url.ts';
import type { Effort } from './effort.ts';
import { parseTarget } from './expression.ts';
import type { Inventory } from './inventory.ts';
import { countNames } from './nodeset.ts';

/** Gathered once: every exclusion asks, and long groups take time. */
const known = new WeakMap<Inventory['groups'], ReadonlySet<string>>();

/**
 * The hosts with a name that groups add; none of a group that is wrong, which is told where it is used.
 *
 * @throws {AtcomError} `usage` if there are too many
 */
export function hostsOfGroups(groups: Inventory['groups'], effort: Effort): ReadonlySet<string> {
  const before = known.get(groups);
  if (before !== undefined) return before;
  const hosts = new Set<string>();
  // Ranges of addresses alone may be long.
  for (const group of new Set(groups.values()))
    if (/[a-z]/i.test(group)) for (const host of hostsIn(group, effort)) hosts.add(host);
  known.set(groups, hosts);
  return hosts;
}

function hostsIn(group: string, effort: Effort): readonly string[] {
  try {
    effort.look(countNames(group));
    return parseTarget(group, effort).flatMap(({ operator, term }) =>
      operator !== '!' && term.kind === 'names'
        ? term.names.filter(mayBeAddress).map((address) => parseAddress(address).host)
        : [],
    );
  } catch (error) {
    if (!isAtcomError(error) || effort.isOver) throw error;
    return [];
  }
}
