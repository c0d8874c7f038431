import { ageText } from '../../protocol/ages.ts';
import { find, setText } from '../parts/element.ts';
import { follow } from '../parts/link.ts';
import { showActionUrls } from './action-urls.ts';
import { showAll } from './all.ts';
import { showPhone } from './one.ts';
import { showRemoteControl } from './remote-control.ts';
import type { View } from './view.ts';

/** The stream and the view of each page. */
const PAGES: Readonly<Record<string, readonly [stream: string, show: (main: HTMLElement) => View]>> = {
  '/': ['/_sim/face', showPhone],
  '/all': ['/_sim/faces', showAll],
  '/remote-control': ['/_sim/face', showRemoteControl],
  '/action-url': ['/_sim/face', showActionUrls],
};

const [stream, show] = PAGES[location.pathname] ?? ['/_sim/face', showPhone];
for (const link of document.querySelectorAll<HTMLAnchorElement>('#pages a'))
  if (link.pathname === location.pathname) link.ariaCurrent = 'page';

const { phones, ...news } = show(find('main'));
follow(stream, {
  news: {
    ...news,
    phones(all: Parameters<typeof phones>[0]) {
      phones(all);
      find('main').ariaBusy = 'false';
    },
  },
  onLink(silent) {
    document.body.dataset['link'] = silent === undefined ? 'up' : 'down';
    const gone = `No connection to the virtual phone for ${ageText(silent ?? 0)}: what stands here is old.`;
    setText(find('link'), silent === undefined ? '' : gone);
  },
});
