import { AtcomError } from '../errors.ts';
import type { Person } from '../files/secret.ts';
import type { ProvenReport } from '../phone/index.ts';
import { hostText } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { type Approval, readApprovals } from './approvals.ts';
import { ownAddress } from './route.ts';

/** Where the vendor's document says an address is entered. */
export const ALLOW_LIST = '"Action URI allow IP list" of its page Phone – Remote Control';

/** The parts of a hint about a phone that shows its prompt. */
export interface Asking {
  /** The phone as a target on a command line, quoted for a shell, with the options that choose its config. */
  readonly target: string;
  /** The address of this computer towards the phone. */
  readonly own: string | undefined;
  readonly remembered: Approval | undefined;
}

/** What to do about a phone that shows its prompt, or does not list this computer; from here they look the same. */
export function approvalHint({ target, own, remembered }: Asking): string {
  const allow = `atcom allow ${target}`;
  const address = own === undefined ? "this computer's address" : `${own}, this computer`;
  if (remembered === undefined) {
    return `press Save on the phone and run the command again, or run ${allow}, which waits for that and checks it; the ${ALLOW_LIST} must hold ${address}`;
  }
  const { at, from } = remembered;
  const day = at.slice(0, 10);
  if (from !== undefined && own !== undefined && from !== own) {
    return `the phone approved this computer on ${day} as ${from}, and its address is now ${own}: enter that in the ${ALLOW_LIST}, then run ${allow} and press Save on the phone`;
  }
  return `the phone approved this computer on ${day}, and that seems to be lost, perhaps through a reboot or a factory reset (what an approval survives is not documented): run ${allow} and press Save on the phone; if it does not ask, enter ${address}, in the ${ALLOW_LIST}`;
}

/** The same failure with a remedy of its own, in text and in `--json`. */
class HintedApproval extends AtcomError<'approval'> {
  readonly #hint: string;

  constructor({ details, cause }: AtcomError<'approval'>, hint: string) {
    super('approval', details, { cause });
    this.#hint = hint;
  }

  override get hint(): string {
    return this.#hint;
  }
}

/** Adds to the report of a phone that shows its prompt what to do there, based on past approvals. */
export async function hintApproval(
  person: Person,
  { settings, target }: { readonly settings: PhoneSettings; readonly target: string },
  report: ProvenReport,
  hintFor: (asking: Asking) => string = approvalHint,
): Promise<ProvenReport> {
  if (!('error' in report) || !isApproval(report.error)) return report;
  const { approvals } = await readApprovals(person);
  const endpoint = endpointOf(settings);
  const own = await ownAddress(endpoint).catch(() => undefined);
  const remembered = approvals.get(hostText(endpoint));
  const hint = hintFor({ target, own, remembered });
  return { ...report, error: new HintedApproval(report.error, hint) };
}

/** Not for a partly sent sequence, which has its own code and remedy. */
function isApproval(error: AtcomError): error is AtcomError<'approval'> {
  return error.code === 'approval';
}
