import { expect, it } from 'vitest';
import { closest } from '../../src/protocol/suggest.ts';

it.each<[string, string, readonly string[], readonly string[]]>([
  ['the nearest', 'HOLDD', ['HOLD', 'BLIND', 'FOLD'], ['HOLD']],
  ['any case, told as it is spelled', 'A41W', ['a41', 'a48'], ['a41']],
  ['all that are equally near', 'REBOOX', ['REBOOT', 'MUTE', 'REBOOK'], ['REBOOT', 'REBOOK']],
  ['at most three', 'LINE0', ['LINE1', 'LINE2', 'LINE3', 'LINE4'], ['LINE1', 'LINE2', 'LINE3']],
  ['itself', 'HOLD', ['HOLD', 'FOLD'], ['HOLD']],
  ['two swapped letters', 'HODL', ['HOLD', 'MUTE'], ['HOLD']],
  ['two letters that are not swapped', 'HULT', ['HOLD'], []],
  ['one letter of a short word', 'O', ['OK', 'MUTE'], ['OK']],
  ['a third of the letters', 'ANSxxR', ['ANSWER'], ['ANSWER']],
  ['not more than a third', 'ANxxxR', ['ANSWER'], []],
  ['nothing near', 'ABRACADABRA', ['HOLD', 'MUTE'], []],
  ['nothing to choose from', 'HOLD', [], []],
])('%s', (_name, input, candidates, expected) => {
  expect(closest(input, candidates)).toEqual(expected);
});
