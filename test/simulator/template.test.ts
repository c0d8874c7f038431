import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../src/protocol/events.ts';
import { VARIABLE_DEFINITIONS } from '../../src/protocol/variables.ts';
import { newActionUrls } from '../../src/simulator/action-urls.ts';
import { expand, parseTemplate, requestText, type VariableValues } from '../../src/simulator/template.ts';
import { identityOf, macOf, valuesOf } from '../../src/simulator/values.ts';
import { newBench, SECOND } from './helpers.ts';

const VALUES: VariableValues = {
  mac: '80:82:87:04:6B:C2',
  ip: '172.16.0.102',
  model: 'A48',
  firmware: '2.2.5.45698',
  active_url: 'sip:6001@pbx',
  active_user: '6001',
  active_host: 'pbx',
  local: 'sip:6001@pbx',
  remote: 'sip:+4930@pbx;user=phone',
  display_local: 'Front Desk',
  display_remote: 'Smith & Sons',
  call_id: 'call-2',
  caller_id: 'call-1',
  called_number: '6002',
};

describe('expansion', () => {
  it.each([
    ['mac=$mac&ip=$ip', 'mac=80:82:87:04:6B:C2&ip=172.16.0.102'],
    ['firmware=$firmware&model=$model', 'firmware=2.2.5.45698&model=A48'],
    ['$remote', 'sip:+4930@pbx;user=phone'],
    ['$display_remote|$display_local', 'Smith & Sons|Front Desk'],
    ['$call_id,$caller_id,$called_number', 'call-2,call-1,6002'],
    ['$active_url $active_user@$active_host', 'sip:6001@pbx 6001@pbx'],
    // The longest known name; what follows it is text.
    ['$macro', '80:82:87:04:6B:C2ro'],
    ['$call_id_2', 'call-2_2'],
    ['$localhost', 'sip:6001@pbxhost'],
    ['$mac$ip', '80:82:87:04:6B:C2172.16.0.102'],
    // Unknown ones are empty, and so are the slips of the document.
    ['a=$nothing&b=$MAC', 'a=&b='],
    ['action_url=$action_url', 'action_url='],
    ['$action_user|$action_host|$caller_ID', '||'],
    ['$constructor$toString$__proto__', ''],
    // No name, no variable.
    ['a=$&b=$$&c=$5&d=100%', 'a=$&b=$$&c=$5&d=100%'],
  ])('%s is %s', (query, expected) => {
    expect(expand(query, VALUES)).toBe(expected);
  });

  it('replaces every variable of the table, and nothing twice', () => {
    const values = { ...VALUES, display_remote: '$mac' };
    expect(expand('$display_remote', values)).toBe('$mac');
    for (const { name, source } of VARIABLE_DEFINITIONS) {
      expect(expand(`$${name}`, VALUES) === '').toBe(source === 'slip');
    }
  });

  it.each(['\r\nX: 1', '\n\nGET / HTTP/1.0', 'a\0b', '\u0085\u2028', '\r', 'Ċč', '\ud800'])(
    'a name such as %j ends no line',
    (display_remote) => {
      const bytes = Buffer.from(
        requestText(parseTemplate('http://127.0.0.1/a.xml?n=$display_remote'), { ...VALUES, display_remote }),
      );
      const lines = bytes.toString('latin1').split('\r\n');
      expect(lines).toEqual([
        expect.stringMatching(/^GET \/a\.xml\?n=[^\r\n\0]* HTTP\/1\.0$/),
        'Host: 127.0.0.1',
        '',
        '',
      ]);
    },
  );

  it.each([
    ['http://127.0.0.1:8088', 'GET / HTTP/1.0', '127.0.0.1:8088'],
    ['http://127.0.0.1?a=$mac', 'GET /?a=80:82:87:04:6B:C2 HTTP/1.0', '127.0.0.1'],
    ['https://127.0.0.1:443/x', 'GET /x HTTP/1.0', '127.0.0.1'],
    ['http://127.0.0.1:443/x', 'GET /x HTTP/1.0', '127.0.0.1:443'],
    ['http://[::1]:8088/x', 'GET /x HTTP/1.0', '[::1]:8088'],
    // "Each variable value starts with $ in the query part of the URL": elsewhere it is text.
    ['http://127.0.0.1/$mac/../x?m=$model', 'GET /$mac/../x?m=A48 HTTP/1.0', '127.0.0.1'],
    ['HTTP://127.0.0.1/x?a=%20?b', 'GET /x?a=%20?b HTTP/1.0', '127.0.0.1'],
  ])('%s is asked for as it is written', (url, line, host) => {
    expect(requestText(parseTemplate(url), VALUES)).toBe(`${line}\r\nHost: ${host}\r\n\r\n`);
  });
});

describe('text that is not an Action URL', () => {
  it.each([
    '127.0.0.1:8088',
    'ftp://127.0.0.1/',
    'http://',
    'http:///x',
    'http://127.0.0.1:0/',
    'http://127.0.0.1:99999/',
    'http://127.0.0.1:x/',
    'http://a b/',
    'http://127.0.0.1/a b',
    'http://127.0.0.1/#a',
    'http://127.0.0.1/\r\nX:1',
    'http://127.0.0.1/x\n',
    'http://127.0.0.1/ü',
    `http://127.0.0.1/${'x'.repeat(511)}`,
  ])('%j', (text) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is refused without its password', () => {
    expect(() => parseTemplate('http://admin:secret@127.0.0.1/')).toThrow(/^(?!.*secret)/);
  });

  it.each(['http://[bad?token=', 'http://h:99999/?a=b&TOKEN=', 'ftp://h/?token%3D', 'http:/h?b=1;token='])(
    'and never the token of a listener, as in %s',
    (url) => {
      expect(() => parseTemplate(`${url}hunter2x&ip=$ip`)).toThrow(/^"(?!.*hunter2x).*…&ip=\$ip"/);
    },
  );
});

describe('the page of Action URLs', () => {
  const listener = 'http://127.0.0.1:8088';

  it('is filled in for all events, and one wins over all, whatever the order', () => {
    const { fields } = newActionUrls({ IPChanged: `${listener}/x`, '*': listener });
    expect(Object.keys(fields)).toHaveLength(EVENTS.length);
    expect(fields.IPChanged).toBe(`${listener}/x`);
    expect(fields.openDND).toBe(`${listener}/openDNDUrl.xml?mac=$mac&ip=$ip`);
  });

  it('takes the spellings of the document, and empties fields', () => {
    const urls = newActionUrls({ misssedCallUrl: listener, 'answerIncomingcall.xml': listener });
    expect(urls.fields).toEqual({ missedCall: listener, answerNewIncomingCall: listener });
    urls.set({ missedCall: '' });
    urls.set({ answerNewIncomingCall: null });
    expect(urls.fields).toEqual({});
    expect(newActionUrls({ '*': null }).fields).toEqual({});
  });

  it.each([
    [{ offHook: listener, offHok: listener }, 'unknown-event'],
    [{ offHook: listener, onHook: 'localhost' }, 'usage'],
    [{ offHook: listener, onHook: 1 }, 'usage'],
    [{ offHook: listener, '*': `${listener}/?a=1` }, 'usage'],
    [JSON.parse(`{"offHook":"${listener}","__proto__":"${listener}"}`), 'unknown-event'],
  ])('%j changes nothing', (fields, code) => {
    const urls = newActionUrls({});
    expect(() => urls.set(fields)).toThrow(expect.objectContaining({ code }));
    expect(urls.fields).toEqual({});
  });
});

describe('what a phone knows of itself', () => {
  it.each([
    ['127.0.0.1', 7001, '127.0.0.1:7001', '127.0.0.1'],
    ['127.0.0.1', 80, '127.0.0.1', '127.0.0.1'],
    ['::1', 7001, '[::1]:7001', '[::1]'],
    ['::1', 80, '::1', '[::1]'],
    ['0.0.0.0', 7001, '127.0.0.1:7001', '127.0.0.1'],
    ['::', 7001, '[::1]:7001', '[::1]'],
  ])('on %s, port %d', (address, port, ip, sipHost) => {
    expect(identityOf(0, address, port)).toEqual({ mac: '80:82:87:00:00:01', ip, sipHost });
  });

  it('has its own MAC address', () => {
    expect([macOf(1), macOf(254), macOf(999)]).toEqual([
      '80:82:87:00:00:02',
      '80:82:87:00:00:FF',
      '80:82:87:00:03:E8',
    ]);
  });

  it('distinguishes both of its calls, and has no remote party without a call', () => {
    const bench = newBench();
    const identity = identityOf(0, '127.0.0.1', 7001);
    const values = (happening: Parameters<typeof valuesOf>[0]) =>
      valuesOf(happening, bench.phone('6001'), identity, bench.station('6001').line);
    const [outgoing] = bench
      .play(SECOND)
      .filter(({ kind, call }) => kind === 'outgoingCall' && call === 'call-2');
    expect(values(outgoing ?? expect.unreachable())).toEqual({
      mac: '80:82:87:00:00:01',
      ip: '127.0.0.1:7001',
      model: 'A48',
      firmware: '2.2.5.45698',
      active_url: 'sip:6001@127.0.0.1',
      active_user: '6001',
      active_host: '127.0.0.1',
      local: 'sip:6001@127.0.0.1',
      remote: 'sip:6003@127.0.0.1',
      display_local: 'Virtual 6001',
      display_remote: 'Virtual 6003',
      call_id: 'call-2',
      caller_id: 'call-1',
      called_number: '6003',
    });
    const idle = newBench(1);
    expect(
      valuesOf({ phone: '6001', kind: 'openDND' }, idle.phone('6001'), identity, idle.station('6001').line),
    ).toMatchObject({ remote: '', display_remote: '', call_id: '', caller_id: '', called_number: '' });
  });
});
