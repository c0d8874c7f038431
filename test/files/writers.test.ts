import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../src/files/writers.ts';

const [ME, EVE] = [1002, 1003];

describe('a group with the number of a user', () => {
  const passwd = [
    'root:x:0:0:root:/root:/bin/sh',
    'halt:x:7:0:halt:/sbin:/sbin/halt',
    `bob:x:${ME}:${ME}::/home/bob:/bin/sh`,
    `robert:x:${ME}:100::/home/bob:/bin/sh`,
    `eve:x:${EVE}:100::/home/eve:/bin/sh`,
  ].join('\n');
  const isOwn = (gid: number, group: string, users = passwd) =>
    isPrivate(gid, [ME, 0], { passwd: users, group });

  it.each([
    ['of that user', `bob:x:${ME}:`],
    ['with that user, by two names', `bob:x:${ME}:bob,robert`],
    ['and others that have members', `bob:x:${ME}:\nlab:x:1055:eve`],
    ['that only a network knows', ''],
  ])('%s is private', (_, group) => {
    expect(isOwn(ME, group)).toBe(true);
  });

  it.each([
    ['with another member', `lab:x:${ME}:bob,eve`],
    ['twice in the list, once with another', `bob:x:${ME}:\nlab:x:${ME}:eve`],
    ['with a member whom only a network knows', `bob:x:${ME}:zoe`],
  ])('%s is not', (_, group) => {
    expect(isOwn(ME, group)).toBe(false);
  });

  it('that is the main group of another is not', () => {
    expect(isOwn(ME, `bob:x:${ME}:`, `${passwd}\ncarl:x:1004:${ME}::/home/carl:/bin/sh`)).toBe(false);
  });

  it('of root contains the accounts of the system, but no other member', () => {
    expect(isOwn(0, 'root:x:0:')).toBe(true);
    expect(isOwn(0, 'root:x:0:eve')).toBe(false);
  });
});
