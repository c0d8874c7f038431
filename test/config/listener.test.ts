import { describe, expect, it } from 'vitest';
import { failure, sandbox } from './sandbox.ts';

const SECRET = 's3cret.s3cret';
const USER = `listener: { token: ${SECRET}, port: 9001 }\n`;

describe('the secret of a listener', () => {
  it('is in the user file, and also applies to the listener of a project', async () => {
    const box = sandbox({ 'project/.atcomrc': 'listener: { port: 9000 }\n', 'user/config.yaml': USER });
    expect((await box.load()).listener).toEqual({ port: 9000, token: SECRET });
  });

  it('goes to no address that only an untrusted project names', async () => {
    const project = 'listener: { url: "http://10.6.6.6:8088", port: 9000 }\n';
    const box = sandbox({ 'project/.atcomrc': project, 'user/config.yaml': USER });
    const untrusted = box.path('project/.atcomrc');
    expect((await box.load()).listener).toEqual({ port: 9000, token: SECRET, untrusted });
    const url = 'http://10.6.6.6:8088';
    expect((await box.load({ file: untrusted })).listener).toEqual({ url, port: 9000, token: SECRET });
    expect((await sandbox({ 'project/.atcomrc': project }).load()).listener).toEqual({ url, port: 9000 });
    const own = sandbox({ 'user/config.yaml': `listener: { token: ${SECRET}, url: "${url}" }\n` });
    expect((await own.load()).listener).toEqual({ url, token: SECRET });
  });

  it('is in the environment, which wins', async () => {
    const box = sandbox({ 'user/config.yaml': USER });
    const env = { ATCOM_LISTENER_TOKEN: 'another.secret' };
    expect((await box.load({ env })).listener).toEqual({ port: 9001, token: 'another.secret' });
    expect((await sandbox().load({ env })).listener).toEqual({ token: 'another.secret' });
  });

  it.each([
    ['found', undefined],
    ['named', 'project/.atcomrc'],
  ])('is in no project file, %s or not', async (_, file) => {
    const box = sandbox({ 'project/.atcomrc': USER });
    const error = await failure(box.load(file === undefined ? {} : { file: box.path(file) }));
    expect(error.code).toBe('invalid-config');
    expect(error.message).toContain(
      'listener.token: credentials belong in your own file, not in a project file',
    );
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });

  it.each(['short', `${SECRET} ${SECRET}`, `${SECRET}&x=1`, 's3cret'.repeat(30), '[s3cret.s3cret]'])(
    'that no URL can hold is an error that does not repeat it: %s',
    async (token) => {
      const wrong = await failure(
        sandbox({
          'user/config.yaml': `listener: { token: ${token.startsWith('[') ? token : `"${token}"`} }`,
        }).load(),
      );
      expect(wrong.code).toBe('invalid-config');
      const env = { ATCOM_LISTENER_TOKEN: token };
      const other = await failure(sandbox().load({ env }));
      expect(other).toMatchObject({ code: 'usage', exitCode: 2 });
      expect(other.message).toBe('ATCOM_LISTENER_TOKEN cannot be used');
      for (const error of [wrong, other]) expect(`${error.message} ${error.hint}`).not.toContain(token);
    },
  );
});

describe('the address of a listener', () => {
  it.each(['http://evil.example:8088', 'http://lab:8088'])(
    'does not count where only an untrusted project says that it is %s',
    async (url) => {
      const project = `listener: { url: "${url}", port: 9000 }\n`;
      const box = sandbox({ 'project/.atcomrc': project });
      const untrusted = box.path('project/.atcomrc');
      expect((await box.load()).listener).toEqual({ port: 9000, untrusted });
      expect((await box.load({ file: untrusted })).listener).toEqual({ url, port: 9000 });
      const own = sandbox({ 'user/config.yaml': project });
      expect((await own.load()).listener).toEqual({ url, port: 9000 });
    },
  );

  it.each(['http://localhost:8088', 'http://172.16.0.184:8088', 'http://[2001:db8::1]:8088'])(
    'may be %s for anybody, to which no page of others can lead',
    async (url) => {
      const box = sandbox({ 'project/.atcomrc': `listener: { url: "${url}" }\n` });
      expect((await box.load()).listener).toEqual({ url });
    },
  );

  it.each(['http://u:p@10.0.0.9:8088', 'http://10.0.0.9/?a', 'ftp://10.0.0.9'])(
    'cannot be %s',
    async (url) => {
      const { message } = await failure(
        sandbox({ 'project/.atcomrc': `listener: { url: "${url}" }` }).load(),
      );
      expect(message).toContain('listener.url: must be a URL such as "http://172.16.0.184:8088"');
    },
  );

  it.each(['http://10.0.0.9:80888', 'http://[::1', 'http://%', 'http://10.0.0.400'])(
    'has a host and a port that there can be: not %s',
    async (url) => {
      const { message } = await failure(
        sandbox({ 'project/.atcomrc': `listener: { url: "${url}" }` }).load(),
      );
      expect(message).toContain('listener.url: the URL of the listener has an invalid host or port');
    },
  );
});

describe('paths of events', () => {
  it('come from all files, the project first for each event', async () => {
    const box = sandbox({
      'project/.atcomrc': 'events: { incomingCall: /api/ring, hold: [/a, /b] }\n',
      'user/config.yaml': 'events: { incomingCall: /other, onHook: /c }\n',
    });
    expect((await box.load()).events).toEqual({
      incomingCall: '/api/ring',
      hold: ['/a', '/b'],
      onHook: '/c',
    });
    expect((await sandbox({ 'project/.atcomrc': 'listener: {}' }).load()).events).toBeUndefined();
  });

  it.each([
    ['incomingCal: /x', 'events.incomingCal: unknown setting, did you mean incomingCall?'],
    ['hold: x', 'events: hold: "x" is not a path such as "/api/ring"'],
    ['hold: 5', 'events.hold: must be a path such as "/api/ring", or a list of them'],
    ['hold: []', 'events.hold: must name at least one path'],
    ['hold: /onHookUrl.xml', 'events: hold: /onHookUrl.xml is the path of onHook'],
    ['hold: /x, onHook: /X/', 'events: hold: /x is the path of onHook'],
    ['hold: /board', 'events: hold: the listener itself serves /board; choose another path'],
    ['hold: /Board/x/', 'events: hold: the listener itself serves /Board/x/; choose another path'],
    ['hold: [/a, /metrics]', 'events: hold: the listener itself serves /metrics; choose another path'],
    ['hold: /_atcom/events', 'events: hold: the listener itself serves /_atcom/events; choose another path'],
    ['hold: /_atcom', 'events: hold: the listener itself serves /_atcom; choose another path'],
    ['hold: //', 'events: hold: // is the root of the listener and cannot be the path of an event'],
    ['hold: "/x?token=hunter22"', 'events: hold: "/x?token=…" is not a path such as "/api/ring"'],
    ['hold: "/x?a=1"', 'events: hold: "/x?a=1" is not a path such as "/api/ring"'],
  ])('{ %s } is an error with its place', async (text, problem) => {
    const { message } = await failure(sandbox({ 'project/.atcomrc': `events: { ${text} }` }).load());
    expect(message).toContain(problem);
  });
});

describe('how values and senders are read', () => {
  it('is a setting', async () => {
    const listener = { encoding: 'windows-1251', trustedProxies: ['10.0.0.5', '10.1.0.0/24'] };
    const text = JSON.stringify({ listener });
    expect((await sandbox({ 'user/config.yaml': text }).load()).listener).toEqual(listener);
  });

  it('is one that a project decides, except for its proxies, unless it is trusted', async () => {
    const url = 'http://172.16.0.184:8088';
    const project = JSON.stringify({
      listener: { encoding: 'windows-1251', trustedProxies: ['127.0.0.1'], url },
    });
    const box = sandbox({ 'project/.atcomrc': project });
    const untrusted = box.path('project/.atcomrc');
    expect((await box.load()).listener).toEqual({ encoding: 'windows-1251', url, untrusted });
    expect((await box.load({ file: untrusted })).listener?.trustedProxies).toEqual(['127.0.0.1']);
  });

  it.each([
    ['encoding: windows-9999', 'listener.encoding:'],
    ['trustedProxies: 10.0.0.5', 'listener.trustedProxies: must be a list of addresses'],
    ['trustedProxies: [pbx.example]', 'must be an address or a network such as "10.0.0.0/24"'],
  ])('{ %s } is an error', async (text, problem) => {
    const { message } = await failure(sandbox({ 'project/.atcomrc': `listener: { ${text} }` }).load());
    expect(message).toContain(problem);
  });
});
