import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionUrl } from '../../src/protocol/action-url.ts';
import { lintActionUrlLine, readActionUrls } from '../../src/protocol/action-url-lines.ts';
import {
  type ActionUrlProblem,
  lintActionUrl,
  listenerOf,
  readerFor,
  targetAt,
} from '../../src/protocol/action-url-lint.ts';
import { EVENT_DEFINITIONS } from '../../src/protocol/events.ts';
import { text } from './arbitraries.ts';
import { EXAMPLES } from './events-document.ts';

const told = ({ severity, code, instead }: ActionUrlProblem) =>
  [severity, code, ...(instead === undefined ? [] : [instead.join(' ')])].join(' ');
const lint = (url: string) => lintActionUrl(url).map(told);
const AT = 'http://172.16.0.184:8088';

describe('lintActionUrl', () => {
  it.each<[url: string, problems: string[]]>([
    [`${AT}/holdUrl.xml?mac=$mac`, []],
    [`${AT}/holdUrl.xml`, []],
    [`${AT}/deep/HOLDURL.XML?number=$remote&side=in`, []],
    ['HTTPS://pbx/hold?mac=$mac', []],
    // Variables.
    [`${AT}/hold?u=$action_url&c=$caller_ID`, ['error slip $active_url', 'error slip $caller_id']],
    [`${AT}/hold?u=$action_user@$action_host`, ['error slip $active_user', 'error slip $active_host']],
    [`${AT}/hold?r=$remot`, ['error unknown-variable $remote']],
    [`${AT}/hold?r=$MAC`, ['error unknown-variable $mac']],
    [`${AT}/hold?r=$colour`, ['error unknown-variable']],
    [`${AT}/hold?r=$`, ['error unknown-variable']],
    [`${AT}/hold?r=\${mac}`, ['error unknown-variable']],
    [`${AT}/hold?v=$firmware`, ['warning unverified-variable']],
    [`${AT}/hold?v=$called_number`, ['warning unverified-variable']],
    [`${AT}/$mac/hold`, ['warning misplaced-variable']],
    // What the receiver takes of the query.
    [`${AT}/hold?$mac`, ['error nameless-value mac=$mac']],
    [`${AT}/hold?mac=$mac&x`, ['error nameless-value']],
    [`${AT}/hold?mac=$mac&&mac=$ip&mac=$ip`, ['warning repeated-name']],
    [`${AT}/hold?mac=$mac#$nothing`, ['warning fragment %23']],
    [`${AT}/hold?mac=&ip=&side=`, ["warning empty-value '…mac=$mac…'", "warning empty-value '…ip=$ip…'"]],
    // The path.
    [`${AT}/`, ['error unknown-event']],
    [AT, ['error unknown-event']],
    [`${AT}/incommingCallUrl.xml`, ['error unknown-event incomingCallUrl.xml']],
    [`${AT}/hodl?mac=$mac`, ['error unknown-event holdUrl.xml']],
    // The listener.
    ['htp://pbx/hold', ['error not-http http://']],
    ['pbx/hold', ['error not-a-url http://…']],
    ['', ['error not-a-url http://…']],
    ['http:///hold', ['error no-host']],
    ['http://u:SECRET/pw@pbx/hold', ['error no-host %2F %3F %23']],
    ['http://u:SECRET?pw@pbx/hold', ['error no-host %2F %3F %23']],
    ['http://pbx:8088/hold?from=sip:a:b@c', []],
    ['ftp://u:secret/pw@pbx/hold', ['error not-http http://']],
    ['http://u:secret@pbx:99999/hold', ['error no-host']],
    ['http://pbx:99999/hold', ['error no-host']],
    ['http://me:pw@pbx/hold', ['warning credentials']],
    ['http://127.0.0.1:8088/hold', ['warning loopback']],
    ['http://localhost/hold', ['warning loopback']],
    // Characters.
    [`${AT}/hold?name=a b c`, ['error character %20']],
    [`${AT}/hold?name=a\u001bb\n`, ['error character %1B', 'error character %0A']],
    [`${AT}/hold?name=ä😀`, ['error character %C3%A4', 'error character %F0%9F%98%80']],
    [`${AT}/hold?name=\ud800`, ['error character %EF%BF%BD']],
    ['http://p bx/hold', ['error no-host', 'error character %20']],
    // What XML makes of an &.
    [`${AT}/hold?mac=$mac&amp;ip=$ip`, ['warning xml-entity &']],
    [`${AT}/hold?mac=$mac&AMP;ip=$ip&amp;amp;r=$remote`, ['warning xml-entity &']],
    [`${AT}/hold?mac=$mac&amp;mac=$ip`, ['warning repeated-name', 'warning xml-entity &']],
    [`${AT}/hold?mac=$mac&#38;ip=$ip`, ['warning xml-entity &', 'warning fragment %23']],
    [`${AT}/hold?mac=$mac&#x26;ip=$ip`, ['warning xml-entity &', 'warning fragment %23']],
    [`${AT}/hold?mac=$mac&amp=$ip`, []],
    // The event in the query.
    [`${AT}/api/phone?event=incomingCall&mac=$mac`, []],
    [`${AT}/api/phone?mac=$mac&event=HOLD`, []],
    [`${AT}/api/phone?event=incomingCal`, ['error unknown-event']],
    [`${AT}/hold?event=mute`, ['warning other-event']],
    [`${AT}/hold?event=hold`, []],
    // Length.
    [`${AT}/hold?mac=$mac&x=`.padEnd(511, 'x'), []],
    [`${AT}/hold?mac=$mac&x=`.padEnd(512, 'x'), ['error too-long']],
  ])('%j', (url, problems) => {
    expect(lint(url)).toEqual(problems);
  });

  it.each<[url: string, problems: string[]]>([
    [`${AT}/api/ring?token=s3cret-s3cret&mac=$mac`, []],
    [`${AT}/hold?mac=$mac&token=s3cret-s3cret`, []],
    [`${AT}/hold?mac=$mac&amp;token=s3cret-s3cret`, ['warning xml-entity &']],
    [`${AT}/hold?mac=$mac`, ['error token']],
    [`${AT}/hold?token=`, ['error token']],
    [`${AT}/hold?token=S3cret-s3cret`, ['error token']],
    [`${AT}/hold?mac=token=s3cret-s3cret`, ['error token']],
    [`${AT}/api/rign?token=s3cret-s3cret`, ['error unknown-event /api/ring']],
  ])('by the rules of a listener, %j', (url, problems) => {
    const rules = { token: 's3cret-s3cret', events: { incomingCall: '/api/ring' } };
    const found = lintActionUrl(url, rules);
    expect(found.map(told)).toEqual(problems);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it('finds nothing wrong with what action-url list writes by the same rules', () => {
    const rules = { token: 's3cret-s3cret', events: { incomingCall: '/api/ring', hold: ['/a', '/b'] } };
    const problems = EVENT_DEFINITIONS.flatMap(({ event }) =>
      lintActionUrl(actionUrl(AT, event, ['mac'], rules), rules),
    );
    expect(problems).toEqual([]);
  });

  it('finds nothing wrong with what action-url list writes, also variables that no table has', () => {
    const problems = EVENT_DEFINITIONS.flatMap(({ event }) => lint(actionUrl(AT, event)));
    expect(problems).toEqual([]);
    expect(lint(`${AT}/holdUrl.xml?mac=$mac&firmware=$firmware`)).toEqual(['warning unverified-variable']);
  });

  it('recognises every event of the examples of the document, and their slips', () => {
    const problems = EXAMPLES.flatMap(([, url]) => lint(url));
    expect(new Set(problems)).toEqual(
      new Set([
        'warning unverified-variable',
        'error slip $active_url',
        'error slip $active_user',
        'error slip $active_host',
        'error slip $caller_id',
      ]),
    );
  });

  it('says what in words', () => {
    expect(lintActionUrl(`${AT}/hold?r=$remot`)).toEqual([
      {
        severity: 'error',
        code: 'unknown-variable',
        what: 'there is no variable $remot, so it arrives empty',
        instead: ['$remote'],
      },
    ]);
    expect(lintActionUrl(`${AT}/hold?a=b c`)[0]?.what).toBe('the character " " (a blank) cannot be sent');
    expect(lintActionUrl(`${AT}/hold?x=`.padEnd(631, 'x'))[0]?.what).toBe(
      'it has 631 characters; a phone takes 511',
    );
  });

  it('tells each mistake of a URL once, and of what is very long only that', () => {
    expect(lint(`${AT}/hold?${'$aa&'.repeat(100)}`)).toEqual([
      expect.stringContaining('error unknown-variable'),
      'error nameless-value aa=$aa',
    ]);
    expect(lint(`${AT}/hold?${'$aa&'.repeat(1000)}`)).toHaveLength(3);
    expect(lint(`${AT}/hold?${'$aa&'.repeat(1100)}`)).toEqual(['error too-long']);
  });

  it('makes the parser of a listener once', () => {
    const rules = { events: { hold: '/pbx/a' } } as const;
    expect(readerFor(rules)).toBe(readerFor(rules));
    expect(readerFor(rules)('/pbx/a')?.event).toBe('hold');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true })),
        (any) => {
          for (const url of [any, `http://${any}`, `${AT}/${any}`, `${AT}/hold?${any}`]) {
            lintActionUrl(url);
            listenerOf(url);
            targetAt(AT, url);
            targetAt(url, `${AT}/hold`);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('listenerOf', () => {
  it.each([
    [`${AT}/hold?a=b c`, `${AT}/`],
    ['https://me:pw@pbx/hold', 'https://pbx/'],
    ['http://[::1]:80/hold', 'http://[::1]/'],
    ['http://p\nbx/hold', undefined],
    ['http://pbx:x/hold', undefined],
    ['ftp://pbx/hold', undefined],
    ['hold', undefined],
  ])('%j', (url, listener) => {
    expect(listenerOf(url)?.href).toBe(listener);
  });
});

describe('readActionUrls', () => {
  it('reads URLs with and without labels, CSV, comments and any line ends', () => {
    const lines = [
      '\uFEFF# comment http://not/read',
      '',
      'event,label,url',
      'hold,Hold,http://a/hold',
      '  http://b/hold  \r',
      'Incoming Call  http://c/incomingCall?a=b c',
      'hold,"Hold ""x""","http://d/hold?a=""1"",2"',
      'Hold = https://e/hold',
      'Hold',
      '://x',
    ];
    expect(readActionUrls(lines.join('\n')).map(({ line, url }) => [line, url])).toEqual([
      [4, 'http://a/hold'],
      [5, 'http://b/hold'],
      [6, 'http://c/incomingCall?a=b c'],
      [7, 'http://d/hold?a="1",2'],
      [8, 'https://e/hold'],
      [9, undefined],
      [10, undefined],
    ]);
  });

  const lintText = (written: string) =>
    readActionUrls(written)
      .flatMap((line) => lintActionUrlLine(line))
      .map(told);

  it.each([
    [`hold,Hold,${AT}/unHold`, ['warning other-event holdUrl.xml']],
    [`IP Changed: ${AT}/hold`, ['warning other-event IPChangedUrl.xml']],
    [`Reception\t${AT}/hold`, []],
    [`Hold\t${AT}/nothing`, ['error unknown-event']],
    ['172.16.0.184/hold', ['error not-a-url http://…']],
  ])('%j', (written, problems) => {
    expect(lintText(written)).toEqual(problems);
  });

  it.each(EVENT_DEFINITIONS.map(({ event, label }) => [label, event] as const))(
    'knows that the field %s is for %s',
    (label, event) => {
      expect(lintText(`${label}  ${AT}/${event}Url.xml`)).toEqual([]);
      const other = event === 'hold' ? 'mute' : 'hold';
      expect(lintText(`${label}  ${AT}/${other}`)).toEqual([`warning other-event ${event}Url.xml`]);
    },
  );
});

describe('targetAt', () => {
  it.each([
    [AT, `${AT}/hold?a=$mac`, '/hold?a=$mac'],
    [`${AT}/`, `${AT.toUpperCase()}/hold`, '/hold'],
    ['http://pbx', 'http://PBX.:80/hold', '/hold'],
    ['http://pbx:80/', 'http://pbx/hold', '/hold'],
    ['https://pbx:443', 'https://me:pw@pbx/hold', '/hold'],
    ['http://[0:0::1]:8088', 'http://[::1]:8088/hold', '/hold'],
    ['http://[::ffff:10.0.0.1]', 'http://10.0.0.1/hold', '/hold'],
    [AT, `${AT}?event=hold`, '/?event=hold'],
    ['http://0.0.0.0:8088', 'http://0.0.0.0:8088/hold', '/hold'],
    [`${AT}/api`, `${AT}/API/hold`, '/hold'],
    [`${AT}/api`, `${AT}/api`, '/'],
    [`${AT}/api`, `${AT}/apis/hold`, undefined],
    [`${AT}/api`, `${AT}/hold`, undefined],
    [AT, `${AT}8/hold`, undefined],
    [AT, 'http://172.16.0.184/hold', undefined],
    [AT, `${AT.replace('http', 'https')}/hold`, undefined],
    [AT, '', undefined],
    ['pbx', `${AT}/hold`, undefined],
  ])('at %s, %j', (listener, url, target) => {
    expect(targetAt(listener, url)).toBe(target);
  });
});
