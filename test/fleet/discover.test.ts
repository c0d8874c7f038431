import { describe, expect, it } from 'vitest';
import { type DiscoverOptions, discover, type Page } from '../../src/fleet/discover.ts';
import { originOf } from '../../src/protocol/command-url.ts';
import { expandAddresses } from '../../src/targets/addresses.ts';

const FIRST = '/';
const TEST = '/cgi-bin/server_test.cgi';

function page(status: number, body = '', ...headers: string[]): Page {
  return { status, head: [`HTTP/1.0 ${status} X`, ...headers].join('\r\n'), body };
}

const titled = (title: string) => page(200, `<html><TITLE class="x">\n ${title}</title>`);

/** Searches a network of pages by URL; another page of a server that has some is 404. */
async function searching(pages: Readonly<Record<string, Page>>, more: Partial<DiscoverOptions> = {}) {
  const asked: string[] = [];
  const origins = new Set(Object.keys(pages).map((url) => new URL(url).origin));
  const discovery = await discover(['10.0.0.5'], {
    get: async (endpoint, path) => {
      const url = originOf(endpoint) + path;
      asked.push(url);
      return pages[url] ?? (origins.has(originOf(endpoint)) ? page(404) : undefined);
    },
    ports: [80],
    timeout: 1000,
    ...more,
  });
  return { ...discovery, asked, find: discovery.finds[0] };
}

/** A server at 10.0.0.5. */
function server(first: Page, test?: Page, nowhere?: Page) {
  const host = 'http://10.0.0.5';
  return searching({
    [host + FIRST]: first,
    ...(test === undefined ? {} : { [host + TEST]: test }),
    ...(nowhere === undefined ? {} : { [`${host}/cgi-bin/no-such-page.cgi`]: nowhere }),
  });
}

describe('a phone', () => {
  it.each([200, 400, 401, 403])('is sure by its title and a reply of %d', async (status) => {
    const { find, asked } = await server(titled('ATCOM A48'), page(status));
    expect(find).toMatchObject({ certainty: 'sure', model: 'A48', hint: 'ATCOM A48' });
    expect(asked).toEqual([`http://10.0.0.5${FIRST}`, `http://10.0.0.5${TEST}`]);
  });

  it.each([
    ['the title alone', titled('ATCOM A48'), page(404)],
    ['the title, with an error', titled('ATCOM A48'), page(500)],
    ['the realm', page(401, '', 'WWW-Authenticate: Digest qop="auth", realm="ATCOM phone"'), page(401)],
    ['the name of the server', page(200, '', 'server:\tatcom-httpd/2.1'), page(200)],
  ])('may be one by %s', async (_, first, test) => {
    expect((await server(first, test)).find).toMatchObject({ certainty: 'maybe' });
  });

  it('may be one without a sign on its first page, where the page of phones is there and others are not', async () => {
    const { find } = await server(titled('IP Phone'), page(200));
    expect(find).toEqual({ endpoint: expect.anything(), certainty: 'maybe' });
  });

  it.each([
    ['answers the same everywhere', titled('Router'), page(200), page(200)],
    ['wants a password everywhere', page(401), page(401), page(403)],
    ['has no such page', titled('Printer'), page(404), undefined],
    ['is of another make', titled('Datacom A48'), page(404), undefined],
    ['is an atcomatic machine', titled('Atcomatic'), page(404), undefined],
  ])('is not what %s', async (_, first, test, nowhere) => {
    expect(await server(first, test, nowhere)).toMatchObject({ finds: [], answered: 1, searched: 1 });
  });

  it.each([
    ['ATCOM A48W web', 'A48'],
    ['Atcom_a20', 'A2x'],
    ['ATCOM A99', undefined],
    ['ATCOM SA48', undefined],
    ['ATCOM A481', undefined],
    ['ATCOM', undefined],
  ])('called %s is of model %s', async (title, model) => {
    expect((await server(titled(title), page(200))).find?.model).toBe(model);
  });

  it('has a hint of at most 80 characters, none cut in two', async () => {
    const { find } = await server(titled(`ATCOM ${'😀'.repeat(100)}`), page(200));
    expect(find?.hint).toBe(`ATCOM ${'😀'.repeat(74)}`);
  });

  it('does not keep the search busy with 64 KiB of unclosed titles', async () => {
    const started = performance.now();
    expect((await server(page(200, '<title'.repeat(11_000)))).finds).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a redirect', () => {
  const leading = (location: string, ...more: string[]) =>
    server(page(302, '', `Location: ${location}`, ...more));

  it('to https on the same host is reported and not followed', async () => {
    const { finds, redirects, asked } = await leading('https://10.0.0.5/login');
    expect(finds).toEqual([]);
    expect(redirects.map(originOf)).toEqual(['https://10.0.0.5']);
    expect(asked).toEqual(['http://10.0.0.5/']);
  });

  it('of a server called ATCOM is a find with https, and its port', async () => {
    const { find, redirects, asked } = await leading('https://10.0.0.5:8443/', 'Server: ATCOM');
    expect(find).toMatchObject({ endpoint: { scheme: 'https', host: '10.0.0.5', port: 8443 } });
    expect(find?.certainty).toBe('maybe');
    expect(redirects).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it.each(['https://10.0.0.6/', 'http://10.0.0.5/x', '/login.html', 'https://[', ''])(
    'to %j says nothing',
    async (location) => {
      const { finds, redirects, asked } = await leading(location);
      expect([finds, redirects]).toEqual([[], []]);
      expect(asked).toEqual([`http://10.0.0.5${FIRST}`, `http://10.0.0.5${TEST}`]);
    },
  );

  it('needs a status that redirects', async () => {
    const { redirects } = await server(page(201, '', 'Location: https://10.0.0.5/'));
    expect(redirects).toEqual([]);
  });

  it('is looked at where port 443 is asked as well, and listed once', async () => {
    const pages = {
      'http://10.0.0.5/': page(302, '', 'Location: https://10.0.0.5/', 'Server: ATCOM'),
      'https://10.0.0.5/': titled('ATCOM A68'),
      [`https://10.0.0.5${TEST}`]: page(200),
    };
    const { finds, redirects } = await searching(pages, { ports: [80, 443] });
    expect(finds).toMatchObject([{ certainty: 'sure', model: 'A68', endpoint: { scheme: 'https' } }]);
    expect(redirects).toEqual([]);
  });
});

describe('several ports', () => {
  it('of one address can be several phones', async () => {
    const pages = { 'http://10.0.0.5/': titled('ATCOM A48'), 'http://10.0.0.5:8080/': titled('ATCOM A68') };
    const { finds } = await searching(pages, { ports: [80, 8080] });
    expect(finds.map(({ model }) => model)).toEqual(['A48', 'A68']);
  });

  it('are not asked over https once a phone was found over http', async () => {
    const pages = { 'http://10.0.0.5/': titled('ATCOM A48'), 'https://10.0.0.5/': titled('ATCOM A48') };
    const { finds, asked } = await searching(pages, { ports: [80, 443] });
    expect(finds).toHaveLength(1);
    expect(asked.filter((url) => url.startsWith('https:'))).toEqual([]);
  });
});

describe('a search', () => {
  const many = expandAddresses(['10.0.0.0/26']);

  it('makes one connection at a time to each address, and no more at once or for longer than told', async () => {
    const open = new Map<string, number>();
    const times = new Set<number>();
    let [most, sideBySide, told] = [0, 0, 0];
    const { searched } = await discover(many, {
      ports: [80, 8080],
      timeout: 321,
      jobs: 7,
      onSearched: (finds) => {
        told += finds.length;
      },
      get: async ({ host }, _path, timeout) => {
        times.add(timeout);
        open.set(host, (open.get(host) ?? 0) + 1);
        most = Math.max(most, open.get(host) ?? 0);
        sideBySide = Math.max(sideBySide, [...open.values()].filter((number) => number > 0).length);
        await new Promise(setImmediate);
        open.set(host, (open.get(host) ?? 0) - 1);
        return titled('ATCOM A48');
      },
    });
    expect([searched, most, sideBySide, told, ...times]).toEqual([62, 1, 7, 124, 321]);
  });

  it('that is stopped keeps what it found, and counts what it did not see to the end', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const found = await discover(many, {
      ports: [80, 8080],
      timeout: 1000,
      jobs: 1,
      signal: stop.signal,
      get: async ({ host, port }) => {
        asked.push(`${host}:${port}`);
        if (host === '10.0.0.2') stop.abort();
        return stop.signal.aborted ? undefined : titled('ATCOM A48');
      },
    });
    expect(found).toMatchObject({ finds: [{ certainty: 'sure' }, { certainty: 'sure' }], searched: 1 });
    expect([...new Set(asked)]).toEqual(['10.0.0.1:80', '10.0.0.1:8080', '10.0.0.2:80']);
  });
});
