import { expect, it } from 'vitest';
import { otherSide } from '../src/call-identity.ts';

it.each([
  ['sip:6040@pbx', '6040'],
  ['"Bob" <sip:6040@pbx;transport=udp>;tag=1', '6040'],
  ['Bob <sips:6040@pbx>', '6040'],
  ['"sip:6040@pbx" <sip:666@evil>', '666'],
  ['"<sip:6040@pbx>" <sip:666@evil>', '666'],
  ['"\\"<sip:6040@pbx>" <sip:666@evil>', '666'],
  ['sip:6040@pbx <sip:666@evil>', '666'],
  ['<sip:666@evil>;x="<sip:6040@pbx>"', '666'],
  ['<tel:+4930123;phone-context=x>', '+4930123'],
  ['6040', '6040'],
  ['', null],
])('the other side of %j is %j', (remote, side) => {
  expect(otherSide({ remote })).toBe(side);
});
