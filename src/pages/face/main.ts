import { ageText } from '../../protocol/ages.ts';
import { find } from '../parts/element.ts';
import { follow } from '../parts/link.ts';
import { showPhone } from './one.ts';
import { complain } from './server.ts';

const main = find('main');
const news = showPhone(main);

follow('/_sim/face', {
  news,
  onLink(silent) {
    document.body.dataset['link'] = silent === undefined ? 'up' : 'down';
    complain(silent === undefined ? '' : `No connection to the virtual phone for ${ageText(silent)}.`);
  },
});
