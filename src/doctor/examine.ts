import { append } from '../append.ts';
import { hostText } from '../protocol/command-url.ts';
import { checkEvents } from './events.ts';
import { type CheckName, type Finding, ok, skipped } from './finding.ts';
import { checkMac } from './mac.ts';
import { checkName, checkPort, checkRoute } from './network.ts';
import { checkRequest, REQUEST_CHECKS } from './request.ts';
import { checkSetup } from './setup.ts';
import { type Facts, INTERRUPTED, type Look, type Subject } from './subject.ts';
import { checkTls } from './tls.ts';

/** The way to a phone, step by step; each step needs those before it. */
const WAY: readonly { readonly checks: readonly CheckName[]; readonly look: Look }[] = [
  { checks: ['name'], look: checkName },
  { checks: ['route'], look: checkRoute },
  { checks: ['port'], look: checkPort },
  // The ARP table has an entry only after a connection.
  { checks: ['mac'], look: checkMac },
  { checks: ['tls'], look: checkTls },
  { checks: REQUEST_CHECKS, look: checkRequest },
];

/** Examines everything between this computer and a phone, and back. */
export async function examine(subject: Subject): Promise<readonly Finding[]> {
  const findings: Finding[] = [checkConfig(subject)];
  const facts: Facts = {};
  let obstacle: string | undefined;
  for (const { checks, look } of WAY) {
    const reason = obstacle ?? (subject.signal.aborted ? INTERRUPTED : undefined);
    const found =
      reason === undefined ? await look(subject, facts) : checks.map((check) => skipped(check, reason));
    append(findings, found);
    const failed = found.find(({ level }) => level === 'problem');
    if (failed !== undefined) obstacle ??= `${failed.check} has a problem`;
  }
  // Without a way to the phone there is none to its pages; what its answer to a key says is no obstacle.
  const reached = facts.report !== undefined || subject.key === undefined;
  const pages = reached ? await checkSetup(subject, facts) : [];
  return [...findings, ...pages, await checkEvents(subject, facts)];
}

function checkConfig({ settings, endpoint, config: { files, origin } }: Subject): Finding {
  const kind = settings.name === undefined ? undefined : origin.get(settings.name);
  const file = files.find((known) => known.kind === kind);
  if (file !== undefined) return ok('config', `${settings.name} is defined in ${file.path}`);
  const host = hostText(endpoint);
  if (files.length === 0) return ok('config', `no config file; ${host} has the default settings`);
  const paths = files.map(({ path }) => path).join(', ');
  return ok(
    'config',
    `not in ${paths} by name; ${host} has what they say of its address, or the default settings`,
  );
}
