import type { Pbx } from '../../src/simulator/switchboard/pbx.ts';
import { CALL, CONFERENCE, newBench } from './helpers.ts';

/** What someone does, and what each phone reports from then on. */
const FLOWS: readonly (readonly [title: string, script: string])[] = [
  ['a calls b, who answers; a hangs up', `${CALL} | 6001 ENDCALL`],
  ['b rejects', '6001 6002;DIAL | 6002 REJECT'],
  ['b is on DND or busy', '6002 DND_ON | 6001 6002;DIAL'],
  ['nobody has the number', '6001 6999;DIAL'],
  ['nobody answers', '6001 6002;DIAL | 6002 ~'],
  ['a gives up', '6001 6002;DIAL | 6001 ENDCALL'],
  ['a holds and resumes', `${CALL} | 6001 HOLD | 6001 RESUME`],
  ['b forwards to c while it rings', '6001 6002;DIAL | 6002 FORWARD;6003;SEND | 6003 ANSWER'],
  ['blind transfer to c, who answers', `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 ANSWER`],
  ['blind transfer to c, who rejects', `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 REJECT`],
  ['blind transfer to c, who is busy', `6003 DND_ON | ${CALL} | 6001 TRANSFER;6003;BLIND`],
  ['attended transfer to c', `${CALL} | 6001 TRANSFER;6003;SEND | 6003 ANSWER | 6001 TRANSFER`],
  ['transfer to c while c rings', `${CALL} | 6001 TRANSFER;6003;SEND;TRANSFER | 6003 ANSWER`],
  ['a invites c to a conference', CONFERENCE],
  ['c picks up what rings at b', '6001 6002;DIAL | 6003 DPICKUP;6002;SEND'],
];

const PHONES = { '6001': 'a', '6002': 'b', '6003': 'c' } as const;
const OBSERVATIONS = /^(digits|joined|openDND)$/;

function reports(script: string, pbx: Pbx): readonly string[] {
  const happenings = newBench(3, { pbx }).play(script);
  return Object.entries(PHONES).map(([number, name]) => {
    const own = happenings.filter(({ phone, kind }) => phone === number && !OBSERVATIONS.test(kind));
    return own.length === 0 ? '' : `${name}: ${own.map(({ kind }) => kind).join(' ')}`;
  });
}

/** The table of docs/what-phones-report.md. */
export function reportTable(): string {
  const rows = FLOWS.map(([title, script]) => {
    const cells = (['proxy', 'b2bua'] as const).map((pbx) =>
      reports(script, pbx).filter(Boolean).join('<br>'),
    );
    return `| ${title} | ${cells[0]} | ${cells[0] === cells[1] ? 'the same' : cells[1]} |`;
  });
  return `# What phones report

What virtual phones a, b and c report during a call, behind a proxy such as kamailio (\`pbx: proxy\`, the default) and behind a back-to-back user agent such as Asterisk (\`pbx: b2bua\`). Tests check that the same keys on real SIP lines, through kamailio 5.6 and Asterisk 22, report the same. What ATCOM phones report behind them is not known.

| what happens | behind a proxy | behind a B2BUA |
| --- | --- | --- |
${rows.join('\n')}

Why they differ: a proxy passes messages from phone to phone, so the caller is in the call before the callee is told, the other side of a transfer makes the new call itself, and both use the same call id. A B2BUA has a separate call with each phone: the callee is in it first, a hold or a transfer is hidden from the others, and each phone has its own id. For an unanswered call, a proxy sends 408, which a caller reports as \`callRemoteCanceled\`; Asterisk's dial plan hangs up with 603, a \`remoteBusy\`. A phone that rang cannot tell whether the caller or the PBX gave up, so it always reports \`callRemoteCanceled\` and \`missedCall\`.
`;
}
