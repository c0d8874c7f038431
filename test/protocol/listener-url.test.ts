import { describe, expect, it } from 'vitest';
import { isLoopback, loopbackText, parseListener } from '../../src/protocol/listener-url.ts';
import { failure } from './failure.ts';

describe('parseListener', () => {
  it.each([
    ['http://172.16.0.184:8088', 'http://172.16.0.184:8088'],
    ['http://172.16.0.184:8088//', 'http://172.16.0.184:8088'],
    ['HTTPS://pbx/phones/', 'HTTPS://pbx/phones'],
    ['http://[fe80::1]:8088', 'http://[fe80::1]:8088'],
  ])('%s', (text, listener) => {
    expect(parseListener(text)).toBe(listener);
  });

  it.each([
    ['172.16.0.184:8088', /does not begin with http/, /listener: http:\/\/172\.16\.0\.184:8088$/],
    ['pbx', /does not begin/, /: http:\/\/pbx$/],
    ['pbx:99999', /does not begin/, /: http:\/\/172/],
    ['pbx/x', /does not begin/, /: http:\/\/172/],
    ['', /does not begin/, /: http:\/\/172/],
    ['ftp://pbx', /does not begin/, /: http:\/\/172/],
    ['http:///pbx', /and a host$/, /: http:\/\/172/],
    ['http://pbx :80', /a space/, /: http:\/\/172/],
    ['http://bücher.example', /another character/, /: http:\/\/172/],
    ['http://pbx\u001b[2J', /another character/, /: http:\/\/172/],
    ['http://pbx/?x=1', /has a query/, /: http:\/\/172/],
    ['http://pbx/#x', /has a query/, /: http:\/\/172/],
    ['http://pbx/$mac', /has a query/, /: http:\/\/172/],
    ['http://pbx:99999', /an invalid host or port/, /: http:\/\/172/],
    ['http://999.1.1.1', /an invalid host/, /: http:\/\/172/],
    ['http://me:hunter2@pbx', /a user name or a password$/, /: http:\/\/172/],
    ['http://me@pbx', /a user name or a password$/, /: http:\/\/172/],
  ])('%j is none', (text, reason, hint) => {
    const error = failure(() => parseListener(text));
    expect(error.code).toBe('usage');
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(hint);
    expect(error.message + error.hint).not.toContain('hunter2');
  });
});

describe('isLoopback', () => {
  it.each([
    'localhost',
    'LOCALHOST:8088',
    'phones.localhost.',
    '127.0.0.1:8088',
    '127.1',
    '0x7f000001',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
  ])('%s is', (host) => {
    const url = new URL(`http://${host}`);
    expect(isLoopback(url)).toBe(true);
    expect(loopbackText(url)).toContain(`${url.host} means this computer only`);
  });

  it.each([
    '172.16.0.184',
    '127.example.com',
    'localhost.example',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    '10.127.0.1',
  ])('%s is not', (host) => {
    expect(isLoopback(new URL(`http://${host}`))).toBe(false);
  });
});
