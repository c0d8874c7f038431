import { describe, expect, it } from 'vitest';
import { actionUrlPlan, allowListPlan, changePage, lookAt, readMac } from '../../src/setup/index.ts';
import { run } from '../cli/run.ts';
import { type Answer, old, pageServer } from './pages.ts';

const PASSWORD = 'correct horse';
const ADD = allowListPlan({ address: '172.16.0.184', listed: true });

async function phoneThat(answer: Answer) {
  const { server, requests } = await pageServer(answer);
  return { phone: { settings: { host: server.host, password: PASSWORD } }, server, requests };
}

const read =
  (body: string): Answer =>
  () =>
    old(body);
const errorOf = (report: object) =>
  'error' in report ? (report.error as { code: string; message: string }) : undefined;

/** JSON that is no page, or one that must not be written. */
const BODIES: readonly (readonly [string, string, RegExp])[] = [
  ['a list', '[]', /not a JSON object/],
  ['a text', '"actionURIIPList"', /not a JSON object/],
  ['null', 'null', /not a JSON object/],
  ['nothing to be sent back', '{}', /has no fields/],
  ['a number as the list', '{"actionURIIPList":1}', /actionURIIPList is not text/],
  ['a list as the list', '{"actionURIIPList":["10.0.0.1"]}', /actionURIIPList is not text/],
  ['half of an emoji', '{"actionURIIPList":"","x":"\\ud83d"}', /x is not in UTF-8/],
  ['a letter of another encoding', '{"actionURIIPList":"","x":"\ufffd"}', /x is not in UTF-8/],
  ['half of an emoji in a name', '{"actionURIIPList":"","\\ud83d":"x"}', /is not in UTF-8/],
  ['a masked password', '{"actionURIIPList":"","webPwd":"••••"}', /webPwd is masked/],
  ['a mask whose name tells nothing', '{"actionURIIPList":"","x":"********"}', /x is masked/],
  ['a short mask', '{"actionURIIPList":"","lockpin":"*"}', /lockpin is masked/],
  ['a mask in a URL', '{"actionURIIPList":"","x":"http://admin:****@10.0.0.1/"}', /x is masked/],
  ['a mask as a parameter', '{"actionURIIPList":"","x":"http://a/?token=***&y=1"}', /x is masked/],
  ...['####', 'xxxx', '%2A%2A%2A%2A', '%2a%2a%2a', '*'].map(
    (mask) =>
      [
        'a mask in a URL',
        `{"actionURIIPList":"","x":"http://admin:${mask}@10.0.0.1/"}`,
        /x is masked/,
      ] as const,
  ),
  ['a mask in a SIP address', '{"actionURIIPList":"","x":"<sip:6001:####@pbx>"}', /x is masked/],
  ['an escaped mask', '{"actionURIIPList":"","x":"http://a/?y=%2A%2A%2A&z=1"}', /x is masked/],
  ...['####', 'xxxx', '*'].map(
    (mask) =>
      [
        'a mask as a parameter',
        `{"actionURIIPList":"","x":"http://a/?y=1&token=${mask}"}`,
        /x is masked/,
      ] as const,
  ),
  ['another mask', '{"actionURIIPList":"","webPwd":"xxxxxxxx"}', /webPwd is masked/],
  ['a mask with a blank', '{"actionURIIPList":"","x":"******** "}', /x is masked/],
  ['a mask of a part', '{"actionURIIPList":"","webPwd":"s*****t"}', /webPwd is masked/],
  ['another separator', '{"actionURIIPList":"10.0.0.1;10.0.0.2"}', /not a list with commas/],
  ['a script as the list', '{"actionURIIPList":"<script>"}', /not a list with commas/],
  // Where blanks were taken in several ways, these took hours.
  ['a mask after blanks', `{"actionURIIPList":"","webPwd":"${' '.repeat(50_000)}*"}`, /webPwd is masked/],
  ['two after blanks', `{"actionURIIPList":"","p":"${' '.repeat(50_000)}x","q":"***"}`, /q is masked/],
  ['two passwords', `{"actionURIIPList":"","webPwd":"${' '.repeat(50_000)}x","q":"***"}`, /q is masked/],
  ['depth', `{"actionURIIPList":"","x":${'['.repeat(9)}${']'.repeat(9)}}`, /too deep/],
  ['much depth', `{"actionURIIPList":"","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /too deep/],
  ['many fields', `{${Array.from({ length: 1001 }, (_, index) => `"a${index}":""`).join()}}`, /1001 fields/],
  ['more than is read', `{"actionURIIPList":"${'1'.repeat(70_000)}"}`, /not complete JSON/],
  ['a code that is an object', '{"return_code":{"toString":1,"valueOf":1}}', /a value is invalid there/],
];

describe('a page that nobody knows', () => {
  it.each(BODIES)('is not written: %s', async (_, body, reason) => {
    const { phone, requests } = await phoneThat(read(body));
    const report = await changePage(phone, 'remote-control', ADD);
    expect(report.outcome).toBe('refused');
    expect(errorOf(report)?.message).toMatch(reason);
    expect(requests.every(({ command }) => command === 'user_get_phone_remote_control_config_url')).toBe(
      true,
    );
    // It may be shown, and it must not break that.
    expect(['ok', 'refused']).toContain((await lookAt(phone)).outcome);
  });

  it.each(['gbk', 'ISO-8859-1', 'x-own', 'utf-16le'])('is not written in %s', async (charset) => {
    const named = (body: string) => old(body, 200, `Content-Type: application/json; charset=${charset}\n`);
    const { phone, requests } = await phoneThat(() => named('{"actionURIIPList":"","name":"B\u00fcro"}'));
    const report = await changePage(phone, 'remote-control', ADD);
    expect(errorOf(report)?.message).toMatch(/name is not in UTF-8/);
    expect(requests.filter(({ command }) => command.includes('_set_'))).toEqual([]);
    expect((await lookAt(phone)).outcome).toBe('ok');
  });

  it.each([
    ['gbk', 'Office'],
    ['UTF-8', 'B\u00fcro'],
    ['us-ascii', 'B\u00fcro'],
  ])('is written in %s with %s', async (charset, name) => {
    const { phone, requests } = await phoneThat(() =>
      old(`{"actionURIIPList":"","name":"${name}"}`, 200, `Content-Type: a/b; charset=${charset}\n`),
    );
    await changePage(phone, 'remote-control', ADD);
    const form = requests.find(({ command }) => command.includes('_set_'))?.form;
    expect(form).toContain(`&name=${encodeURIComponent(name)}&`);
  });

  it.each([
    'http://admin:1111@10.0.0.1/',
    'http://admin:%23hash@10.0.0.1/?a=---&token=$token',
    'http://[::1]:8080/xxx@yyy?state=xxx#:xxx@',
    'sip:###@pbx',
    'sip:xxx@pbx',
    '12:30:00@###',
    'x.***',
  ])('is written although a value has what could be a mask elsewhere: %s', async (value) => {
    const { phone, requests } = await phoneThat(read(JSON.stringify({ actionURIIPList: '', field: value })));
    await changePage(phone, 'remote-control', ADD);
    const form = requests.find(({ command }) => command.includes('_set_'))?.form;
    expect(form).toContain(`&field=${encodeURIComponent(value)}&`);
  });

  it('keeps fields with the names of an object’s own', async () => {
    const fields = '{"__proto__":"a","constructor":"b","toString":"c","actionURIIPList":""}';
    const { phone, requests } = await phoneThat(read(fields));
    await changePage(phone, 'remote-control', ADD);
    const form = requests.find(({ command }) => command.includes('_set_'))?.form;
    expect(form).toBe(
      '__proto__=a&constructor=b&toString=c&actionURIIPList=172.16.0.184&user_set_phone_remote_control_config_url',
    );
    expect((await lookAt(phone)).pages['remote-control']).toEqual(JSON.parse(fields));
    expect({}).not.toHaveProperty('actionURIIPList');
  });

  it('cannot put a field into the form, nor a line into the request', async () => {
    const fields = { 'a=b&c': '1&webPwd=x\r\nX: y', actionURIIPList: '' };
    const { phone, requests } = await phoneThat(read(JSON.stringify(fields)));
    await changePage(phone, 'remote-control', ADD);
    const { form = '', head = '' } = requests.find(({ command }) => command.includes('_set_')) ?? {};
    expect(form).toMatch(/^a%3Db%26c=1%26webPwd%3Dx%0D%0AX%3A%20y&actionURIIPList=172\.16\.0\.184&/);
    expect(head).not.toContain('X: y');
  });
});

const BASIC = { user: 'admin', password: 'correct horse', auth: 'basic' } as const;
const IN_BASE64 = Buffer.from('admin:correct horse').toString('base64');

it.each([IN_BASE64, `http://h/?auth=${IN_BASE64}`])(
  'sends %s back as it was, although it is what Basic sends, and shows it nowhere',
  async (value) => {
    const { phone, requests } = await phoneThat(read(JSON.stringify({ actionURIIPList: '', field: value })));
    const settings = { ...phone.settings, ...BASIC };
    const texts: string[] = [];
    const onRequest = (_: unknown, ...shown: string[]) => void texts.push(...shown);
    const report = await changePage({ settings, onRequest }, 'remote-control', ADD);
    const form = requests.find(({ command }) => command.includes('_set_'))?.form;
    expect(form).toContain(`&field=${encodeURIComponent(value)}&`);
    const shown = JSON.stringify([report, texts, await lookAt({ settings, onRequest })]);
    expect(shown).toContain('***');
    expect(shown).not.toContain(IN_BASE64.slice(0, 12));
  },
);

it('notices that a phone did not keep a field that has what Basic sends', async () => {
  let list = '';
  const { phone } = await phoneThat(({ command }) => {
    if (!command.includes('_set_'))
      return old(JSON.stringify({ actionURIIPList: list, field: list === '' ? IN_BASE64 : '***=' }));
    list = '172.16.0.184';
    return old('{}');
  });
  const report = await changePage({ settings: { ...phone.settings, ...BASIC } }, 'remote-control', ADD);
  expect(report).toMatchObject({ outcome: 'unconfirmed', error: { details: { fields: ['field'] } } });
});

describe('an answer that leads elsewhere', () => {
  it('is not followed', async () => {
    const other = await pageServer(read('{}'));
    const to = `Location: http://${other.server.host}/cgi-bin/web_cgi_main.cgi?status_get\n`;
    const { phone } = await phoneThat(() => old('', 302, to));
    const report = await changePage(phone, 'remote-control', ADD);
    expect(errorOf(report)?.message).toContain('it answered 302; nothing was changed');
    expect(other.requests).toEqual([]);
  });

  it('gets the answer to its challenge from nobody else, whatever domain it names', async () => {
    const other = await pageServer(read('{}'));
    const challenge = `WWW-Authenticate: Digest realm="x", qop="auth", nonce="n", domain="http://${other.server.host}/"\n`;
    const { phone, requests } = await phoneThat(() => old('', 401, challenge));
    expect((await lookAt(phone)).outcome).toBe('unauthorized');
    expect(requests).toHaveLength(2);
    expect(requests[1]?.head).toMatch(
      /^authorization: Digest username="admin", .*uri="\/cgi-bin\/web_cgi_main\.cgi\?status_get"/im,
    );
    expect(other.requests).toEqual([]);
  });

  it('gets no password in clear text, whatever it asks for', async () => {
    const basic = 'WWW-Authenticate: Basic realm="x"\n';
    const { phone, requests } = await phoneThat(() => old('', 401, basic));
    expect((await lookAt(phone)).outcome).toBe('unauthorized');
    expect(requests.map(({ head }) => /^authorization:/im.test(head))).toEqual([false]);
  });

  it('is told apart from a page that is locked', async () => {
    const { phone } = await phoneThat(() => old('try again in 3 minutes', 401));
    expect(errorOf(await lookAt(phone))?.message).toContain('has locked its web page');
  });
});

it('shows nothing of a hostile phone raw', async () => {
  const control = '\u001b]0;title\u0007';
  const body = JSON.stringify({
    phoneModel: control,
    [`${control}Password`]: 'hunter2',
    SIPPassword: 'hunter2',
    nested: { adminPwd: 'hunter2', list: [{ secretKey: 'hunter2' }] },
    actionURIIPList: `10.0.0.1,${control}`,
    holdUrl: `http://admin:hunter2@172.16.0.1/x?token=hunter2&mac=${control}`,
  });
  const { server } = await pageServer(read(body));
  for (const words of [
    ['show', server.host, '--debug'],
    ['show', server.host, '--json'],
    ['action-urls', 'http://172.16.0.184:8088', '--to', server.host, '--debug'],
    ['allow-list', '--add', '::1', '--to', server.host, '--json', '--debug'],
  ]) {
    const { stdout, stderr } = await run(['setup', ...words], { env: { ATCOM_PASSWORD: PASSWORD } });
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout + stderr).not.toContain('hunter2');
  }
});

it.each([
  'pass',
  'SipAuthPass',
  'pswd',
  'wifiPsk',
  'passphrase',
  'pin',
  'lockPin',
  'PIN_CODE',
  'user_pin',
  'WebPw',
  'apiToken',
  'credentials',
  'adminpw',
  'userpw',
  'lockpin',
  'lockpin1',
  'pincode',
  'wifikey',
  'wpa_key',
])('shows no value of the field %s', async (name) => {
  const { phone } = await phoneThat(
    read(JSON.stringify({ [name]: 'hunter2', url: `http://a/?x=1&${name}=hunter2&y=2` })),
  );
  const { pages } = await lookAt(phone);
  expect(pages['status']).toEqual({ [name]: '***', url: `http://a/?x=1&${name}=***&y=2` });
});

it.each(['pingInterval', 'spinner', 'pinned', 'powerSave', 'Pinyin', 'linekey1', 'softkey', 'remote_key'])(
  'shows that of %s',
  async (name) => {
    const { phone } = await phoneThat(read(JSON.stringify({ [name]: 'on' })));
    expect((await lookAt(phone)).pages['status']).toEqual({ [name]: 'on' });
  },
);

it.each([
  ['a page cut short', '{"\\u0070assword":"hunter2","x":{"a":1,"webPwd": "hunter2'],
  ['a login page', '<form><input name=user value=hunter2><input type="password" value="hunter2"></form>'],
  ['a form', 'user=admin&sip_password=hunter2'],
  ['JSON without quotes', '{ sip_password: "hunter2 hunter2" }'],
  ['JSON with other quotes', "{'sip_password':'hunter2'}"],
  ['XML', '<page><password>hunter2</password></page>'],
  ['a program', 'x = 1\nvar adminPassword = "hunter2";'],
  ['an escaped form', 'sip%5Fpassword%3Dhunter2'],
  ['lines', 'password:\n  hunter2\nlines: 2'],
  ['pairs', '[["password","hunter2"]'],
  ['a URL of JSON cut short', '[{"url":"http://h/x.xml?mac=$mac\\u0026token\\u003dhunter2\\u0026a=b"'],
  ['a URL of JSON with more after it', '{"a":"http://h/x?mac=$mac\\u0026token=hunter2"} trailing'],
])('shows no password of %s with --debug', async (_, body) => {
  const { server } = await pageServer(read(body));
  const { stderr } = await run(['setup', 'show', server.host, '--debug'], {
    env: { ATCOM_PASSWORD: PASSWORD },
  });
  expect(stderr).toContain('***');
  expect(stderr).not.toContain('hunter2');
});

it('knows a MAC of which the password is a part, and shows pages with words that look like formats', async () => {
  const mac = '00:1F:C1:12:34:56';
  const { phone } = await phoneThat(read(JSON.stringify({ mac, x: `${'/tap:'.repeat(5000)}/@x` })));
  const settings = { ...phone.settings, password: '1234' };
  expect(await readMac({ ...phone, settings })).toBe(mac);
  expect((await lookAt({ ...phone, settings })).pages['status']).toMatchObject({ mac: '00:1F:C1:12:34:56' });
});

it('shows with --debug what is no secret of a page that is no JSON', async () => {
  const body =
    'lines: 2\n"url": "http://h/x?token=hunter2&mac=$mac",\n"password": "hunter2", "model": "A48"\npasswords are long';
  const { server } = await pageServer(read(body));
  const { stderr } = await run(['setup', 'show', server.host, '--debug'], {
    env: { ATCOM_PASSWORD: PASSWORD },
  });
  for (const part of [
    'lines: 2',
    '?token=***&mac=$mac"',
    '"password": "***", "model": "A48"',
    'passwords are long',
  ])
    expect(stderr).toContain(part);
});

it("shows the listener's secret nowhere, wherever a phone sends it back", async () => {
  const url = 'http://172.16.0.184:8088/holdUrl.xml?token=hunter2&mac=$mac';
  const bodies = [
    { return_code: url, return_prompt: `bad value ${url}` },
    { return_code: '7', return_prompt: `bad value ${encodeURIComponent(url)}` },
    { [url]: 1 },
    { holdUrl: '', [url]: '' },
    { holdUrl: { [url]: url } },
  ];
  for (const body of bodies) {
    const { phone } = await phoneThat(read(JSON.stringify(body)));
    const texts: string[] = [];
    const all = { ...phone, onRequest: (_: unknown, ...shown: string[]) => void texts.push(...shown) };
    const report = await changePage(all, 'action-urls', actionUrlPlan(new Map([['hold', url]])));
    const shown = JSON.stringify([report, errorOf(report)?.message, texts, await lookAt(all)]);
    expect(shown).toMatch(/token(?:=|%3D)\*\*\*/);
    expect(shown).not.toContain('hunter2');
  }
});

describe('the answer to a write', () => {
  const URL = 'http://172.16.0.184:8088/holdUrl.xml';
  const plan = actionUrlPlan(new Map([['hold', URL]]));
  const page = (url: string) => JSON.stringify({ holdUrl: url, beside: 'x' });
  /** Reads as it is told, first before and then after a write. */
  const afterWrite = (reply: string | undefined, then: string | undefined): Answer => {
    let written = false;
    return ({ command }) => {
      if (!command.includes('_set_')) return written ? then : old(page(''));
      written = true;
      return reply;
    };
  };

  it.each([
    ['is lost, and the page is as wanted', undefined, old(page(URL)), 'ok'],
    ['is lost, and the page is as before', undefined, old(page('')), 'unconfirmed'],
    ['is lost, and the page is gone', undefined, undefined, 'unknown'],
    ['is no JSON, and the page is as wanted', old('<html>'), old(page(URL)), 'ok'],
    [
      'is 302 to another page, and the page is as wanted',
      old('', 302, 'Location: /x\n'),
      old(page(URL)),
      'ok',
    ],
    ['is 204, and the page is as wanted', old('', 204), old(page(URL)), 'ok'],
    ['is 500, and the page is as wanted', old('', 500), old(page(URL)), 'ok'],
    ['is 500, and the page is as before', old('', 500), old(page('')), 'refused'],
    ['is 500, and the page is no page', old('', 500), old('<html>'), 'unknown'],
    ['is 500, and the page is gone', old('', 500), undefined, 'unknown'],
    ['is 401, which is no answer to a write', old('', 401), old(page(URL)), 'unauthorized'],
    ['says that the phone is in a call', old('{"return_code":4}'), old(page('')), 'busy'],
    ['says that it is done, and the page is no page', old('{}'), old('<html>'), 'unknown'],
    [
      'says that it is done, and a field beside is gone',
      old('{}'),
      old(JSON.stringify({ holdUrl: URL })),
      'unconfirmed',
    ],
    [
      'says that nothing differs, and the page is as before',
      old('{"return_code":"3"}'),
      old(page('')),
      'unconfirmed',
    ],
    ['says that somebody else is at work', old('{"webUserChange":"1"}'), old(page('')), 'refused'],
    ['says so, and so does the page', old('{"webUserChange":"1"}'), old('{"webUserChange":"1"}'), 'unknown'],
    ['says -1, and the page is as before', old('{"return_code":-1}'), old(page('')), 'refused'],
    ['says -1, and the page is as wanted', old('{"return_code":-1}'), old(page(URL)), 'ok'],
    ['says 413, and why', old('{"return_code":"413","return_prompt":"too long"}'), old(page('')), 'refused'],
  ] as const)('%s', async (_, reply, then, outcome) => {
    const { phone } = await phoneThat(afterWrite(reply, then));
    const report = await changePage(phone, 'action-urls', plan);
    expect(report.outcome).toBe(outcome);
    expect(report.changes).toEqual([{ field: 'holdUrl', from: '', to: URL }]);
    // A page that was sent may have been stored.
    expect(errorOf(report)?.message ?? '').not.toMatch(/nothing was (changed|sent)/);
  });

  it.each([
    [old('', 500), old(page('')), /did not accept its page Phone – Action URL: it answered 500$/],
    [
      old('', 500),
      old('<html>'),
      /was sent its page, did not accept it \(it answered 500\), and could not be read again \(.*JSON.*\); what is on .* is not known$/,
    ],
    [
      undefined,
      undefined,
      /was sent its page, gave no answer, and could not be read again \(took the request/,
    ],
  ])('is told of: %j, %j', async (reply, then, message) => {
    const { phone } = await phoneThat(afterWrite(reply, then));
    expect(errorOf(await changePage(phone, 'action-urls', plan))?.message).toMatch(message);
  });

  it('has all fields of the page before it, as a browser sends them', async () => {
    const { phone, requests } = await phoneThat(afterWrite(old('{}'), old(page(URL))));
    await changePage(phone, 'action-urls', plan);
    const { head, form } = requests[1] ?? {};
    expect(head).toMatch(/^POST \/cgi-bin\/web_cgi_main\.cgi\?user_set_phone_action_url HTTP\/1\.1\r\n/);
    expect(head).toMatch(/^content-type: application\/x-www-form-urlencoded; charset=UTF-8$/im);
    expect(form).toBe(`holdUrl=${encodeURIComponent(URL)}&beside=x&user_set_phone_action_url`);
  });
});

it('writes nothing that differs from what somebody agreed to', async () => {
  const { phone, requests } = await phoneThat(read('{"actionURIIPList":"10.0.0.1"}'));
  const agreed = [{ field: 'actionURIIPList', from: '10.0.0.9', to: '10.0.0.9,172.16.0.184' }];
  const report = await changePage(phone, 'remote-control', ADD, { agreed });
  expect(errorOf(report)?.message).toContain(
    'it was changed since you saw how it differs; nothing was written',
  );
  expect(requests).toHaveLength(1);
});

it('writes nothing once the run is stopped', async () => {
  const stop = new AbortController();
  const { phone, requests } = await phoneThat(() => {
    stop.abort();
    return old('{"actionURIIPList":"10.0.0.1"}');
  });
  const report = await changePage({ ...phone, stop: stop.signal }, 'remote-control', ADD);
  expect(report.outcome).toBe('skipped');
  expect(requests).toHaveLength(1);
});

it('tries again a phone in a call, as often as it is told', async () => {
  let calls = 2;
  const { phone, requests } = await phoneThat(({ command }) => {
    if (!command.includes('_set_')) return old(`{"actionURIIPList":"${calls > 0 ? '' : '172.16.0.184'}"}`);
    calls -= 1;
    return old(`{"return_code":${calls > 0 ? 4 : 0}}`);
  });
  const report = await changePage(phone, 'remote-control', ADD, { retry: 1 });
  expect(report.outcome).toBe('ok');
  expect(requests).toHaveLength(5);
});

describe('a page that was sent to a phone in a call', () => {
  /** It says that it is in a call, and is asked again once. */
  const retried = async (play: (stop: AbortController) => ReturnType<typeof old>) => {
    let reads = 0;
    const stop = new AbortController();
    const { phone, requests } = await phoneThat(({ command }) => {
      if (command.includes('_set_')) return old('{"return_code":4}');
      reads += 1;
      return reads > 1 ? play(stop) : old('{"actionURIIPList":""}');
    });
    const { outcome, changes } = await changePage({ ...phone, stop: stop.signal }, 'remote-control', ADD, {
      retry: 1,
    });
    const sent = requests.filter(({ command }) => command.includes('_set_')).length;
    return { outcome, sent, changes: changes.length };
  };

  it.each<[string, Parameters<typeof retried>[0]]>([
    [
      'is stopped',
      (stop) => {
        stop.abort();
        return old('{"actionURIIPList":""}');
      },
    ],
    ['refuses to show it', () => old('{"return_code":413}')],
    ['does not show it', () => old('{"x":1}')],
  ])('is not said to be unsent where the retry %s', async (_, play) => {
    expect(await retried(play)).toEqual({ outcome: 'busy', sent: 1, changes: 1 });
  });

  it('is a change where the retry finds it', async () => {
    const play = () => old('{"actionURIIPList":"172.16.0.184"}');
    expect(await retried(play)).toEqual({ outcome: 'ok', sent: 1, changes: 1 });
  });
});

describe('the MAC of a phone', () => {
  it.each([
    ['{"mac":"80-82-87-04-6b-c2"}', '80:82:87:04:6B:C2'],
    ['{"MACAddress":"808287046BC2","x":"80:82:87:00:00:01"}', '80:82:87:04:6B:C2'],
    ['{"mac":"80:82:87:04:6B:C2","wifiMac":"80:82:87:04:6B:C3"}', undefined],
    ['{"mac":"unknown"}', undefined],
    ['<html>', undefined],
  ])('in %s is %s', async (body, mac) => {
    const { phone } = await phoneThat(read(body));
    expect(await readMac(phone)).toBe(mac);
  });

  it('is not asked for without a password', async () => {
    const { phone, requests } = await phoneThat(read('{"mac":"80:82:87:04:6B:C2"}'));
    expect(await readMac({ settings: { host: phone.settings.host } })).toBeUndefined();
    expect(requests).toEqual([]);
  });
});

describe('a run that is stopped', () => {
  it('cuts off what it only reads, and begins nothing new', async () => {
    const stop = new AbortController();
    const { server, requests } = await pageServer(() => {
      stop.abort();
      return old('{"actionURIIPList":""', 200, 'Content-Length: 500\n');
    });
    const phone = { settings: { host: server.host, password: PASSWORD }, stop: stop.signal };
    const report = await lookAt(phone);
    expect(report).toMatchObject({
      outcome: 'skipped',
      error: { details: { reason: 'the run was stopped' } },
    });
    expect(requests).toHaveLength(1);
    expect(await changePage(phone, 'remote-control', ADD)).toMatchObject({ outcome: 'skipped', changes: [] });
    expect(requests).toHaveLength(1);
  });

  it('writes nothing when it is stopped between reading and writing', async () => {
    const stop = new AbortController();
    const { phone, requests } = await phoneThat(read('{"actionURIIPList":""}'));
    const report = await changePage({ ...phone, stop: stop.signal }, 'remote-control', (fields, hide) => {
      stop.abort();
      return ADD(fields, hide);
    });
    expect(report).toMatchObject({ outcome: 'skipped', changes: [{ to: '172.16.0.184' }] });
    expect(requests).toHaveLength(1);
  });

  it('has not seen all of a phone whose pages it did not read', async () => {
    const stop = new AbortController();
    const { server, requests } = await pageServer(() => {
      queueMicrotask(() => stop.abort());
      return old('{"actionURIIPList":""}');
    });
    const phone = { settings: { host: server.host, password: PASSWORD }, stop: stop.signal };
    expect((await lookAt(phone)).outcome).toBe('skipped');
    expect(requests).toHaveLength(1);
  });
});
