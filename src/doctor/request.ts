import { hostText } from '../protocol/command-url.ts';
import { OUTCOMES } from '../protocol/outcomes.ts';
import { formatSequence } from '../protocol/sequence.ts';
import { type CheckName, type Finding, ok, problem, skipped, warning } from './finding.ts';
import { ALLOW_LIST, approvalHint } from './hints.ts';
import { type Facts, INTERRUPTED, type Look, type Subject } from './subject.ts';

/** The findings of one request. */
export const REQUEST_CHECKS = [
  'path',
  'status',
  'credentials',
  'allow-list',
  'approval',
] as const satisfies readonly CheckName[];

/** Presses the harmless key once, and reports everything that its response tells. */
export const checkRequest: Look = async (subject, facts) => {
  const { settings, key, signal, transport, onRequest } = subject;
  if (key === undefined) {
    const kept = remembered(subject);
    return REQUEST_CHECKS.map((check) =>
      skipped(check, `no key was pressed${check === 'approval' ? kept : ''}`),
    );
  }
  const { Phone } = await import('../phone/index.ts');
  const phone = new Phone(settings, transport);
  facts.report = await phone.send(key, { signal, onRequest });
  const judge = { ...facts, report: facts.report, key: formatSequence(key) };
  return REQUEST_CHECKS.map((check) => FINDINGS[check](subject, judge));
};

/** The report of the key, and the results so far. */
interface Judged extends Facts {
  readonly report: NonNullable<Facts['report']>;
  readonly key: string;
}

const NOT_AS_FAR = 'the phone did not get this far';

const FINDINGS: Readonly<
  Record<(typeof REQUEST_CHECKS)[number], (subject: Subject, judged: Judged) => Finding>
> = {
  path: ({ endpoint: { path } }, { report }) => {
    const status = statusOf(report);
    if (status === undefined) return skipped('path', 'no answer came');
    if (report.outcome !== 'refused' || status !== 404) return ok('path', `the phone answers at ${path}`);
    return problem('path', report.error.exitCode, `there is no ${path} on it (404)`, report.error.hint);
  },

  status: ({ signal }, { report, key }) => {
    const { outcome } = report;
    const status = statusOf(report);
    if (outcome === 'ok') {
      const complaint = report.requests.find(({ warning }) => warning !== undefined)?.warning;
      if (complaint === undefined)
        return ok('status', `${status}: it accepted ${key}, which was pressed once`);
      const remedy = `look at the phone: ${key} may not have been pressed; --debug shows the answer`;
      return warning('status', `${status} to ${key}, and it answered: ${complaint}`, remedy);
    }
    if (outcome === 'approval' || outcome === 'unauthorized') {
      return ok('status', `${status}: it did not press ${key}; why follows`);
    }
    if (status === 404) return skipped('status', 'path has a problem');
    // Nothing was sent. A request that was in flight at Ctrl-C is handled below.
    if (signal.aborted && outcome !== 'unknown') return skipped('status', INTERRUPTED);
    const { message, hint } = report.error;
    const keys = outcome === 'unknown' ? ` (${key})` : '';
    return problem('status', OUTCOMES[outcome].exitCode, `${message}${keys}`, hint);
  },

  credentials: ({ settings: { auth = 'none', user, password }, web }, { report }) => {
    if (report.outcome === 'unauthorized') {
      return problem('credentials', report.error.exitCode, report.error.message, report.error.hint);
    }
    if (auth !== 'none' && (user === undefined || password === undefined)) {
      const remedy = 'set ATCOM_USER and ATCOM_PASSWORD_FILE, or auth: none';
      return warning('credentials', `auth: ${auth} is set, without user and password`, remedy);
    }
    if (report.outcome !== 'ok') return skipped('credentials', NOT_AS_FAR);
    if (auth !== 'none') return ok('credentials', `${auth}: not refused`);
    const set = web?.password === undefined ? 'none are set' : 'those that are set are for its web page';
    return ok('credentials', `keys: none were asked for; ${set}`);
  },

  'allow-list': (_, { report, own = 'the address of this computer' }) => {
    if (report.outcome === 'ok') return ok('allow-list', `it contains ${own}, or any`);
    if (report.outcome !== 'approval') return skipped('allow-list', NOT_AS_FAR);
    // The document does not say what a phone answers in either case; siblings answer 403 in both.
    const message = `${statusOf(report)}: it may not contain ${own}, or the phone asks "Allow Remote Control?"; both look the same from here`;
    const remedy = `enter ${own} in the ${ALLOW_LIST}; behind NAT, the address that the phone sees instead`;
    return problem('allow-list', OUTCOMES.approval.exitCode, message, remedy);
  },

  approval: (subject, { report, own }) => {
    const kept = remembered(subject);
    if (report.outcome === 'ok') {
      return ok('approval', `the phone lets this computer press its keys${kept}`);
    }
    if (report.outcome !== 'approval') return skipped('approval', `${NOT_AS_FAR}${kept}`);
    const { target, memory } = subject;
    const known = memory.approvals.get(report.host);
    const remedy =
      known === undefined
        ? `press Save on the phone; atcom allow ${target} waits for that and checks it`
        : approvalHint({ target, own, remembered: known });
    const message = `the phone does not let this computer press its keys${kept}`;
    return problem('approval', OUTCOMES.approval.exitCode, message, remedy);
  },
};

function statusOf({ requests }: Judged['report']): number | undefined {
  return requests.at(-1)?.status;
}

/** `; approved on 2026-11-23 as 172.16.0.184`, if that is remembered. */
function remembered({ memory: { approvals, complaint }, endpoint }: Subject): string {
  if (complaint !== undefined) return `; ${complaint}`;
  const known = approvals.get(hostText(endpoint));
  if (known === undefined) return '; no approval is remembered here';
  return `; approved on ${known.at.slice(0, 10)}${known.from === undefined ? '' : ` as ${known.from}`}`;
}
