import { expect, it } from 'vitest';
import { withoutQuerySecrets } from '../../src/phone/index.ts';

it.each([
  ['http://pbx:8088/idle?token=hunter2&mac=1', 'http://pbx:8088/idle?token=***&mac=1'],
  ['"/idle?mac=1&amp;token=hunter2&amp;ip=2"', '"/idle?mac=1&amp;token=***&amp;ip=2"'],
  ['/idle?mac=1;token=hunter2', '/idle?mac=1;token=***'],
  ['token=hunter2', 'token=***'],
  ['to=%2Fidle%3Fmac%3D1%26token%3Dhunter2 x', 'to=%2Fidle%3Fmac%3D1%26token%3D*** x'],
  ['token%253dhunter2', 'token%253d***'],
  [
    '"\\/idle?mac=1\\u0026token\\u003Dhunter2\\u0026ip=2"',
    '"\\/idle?mac=1\\u0026token\\u003D***\\u0026ip=2"',
  ],
  ["'token\\x3dhunter2'", "'token\\x3d***'"],
  [
    'token&#61;hunter2 token&#x3D;hunter2 token&equals;hunter2',
    'token&#61;*** token&#x3D;*** token&equals;***',
  ],
  ['/idle?ping=1&mac=2', '/idle?ping=1&mac=2'],
  ['?user[password]=hunter2&a=1', '?user[password]=***&a=1'],
  ['?token[]=hunter2&token.a=hunter2&a=1', '?token[]=***&token.a=***&a=1'],
  ['?sig%5Btoken%5D=hunter2', '?sig%5Btoken%5D=***'],
  ["?password=hun'ter2&b=1", '?password=***&b=1'],
  ['?token=hun<ter>2&b=1', '?token=***&b=1'],
  ['?pin=hun\\ter2&b=1', '?pin=***&b=1'],
])('what has a secret name is not shown: %s', (text, shown) => {
  expect(withoutQuerySecrets(text)).toBe(shown);
});
