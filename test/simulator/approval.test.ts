import { describe, expect, it } from 'vitest';
import { newGate } from '../../src/simulator/approval.ts';

describe('the allow list', () => {
  it.each([
    ['any', '10.0.0.1', 'asking'],
    [['any'], '10.0.0.1', 'asking'],
    [['172.16.0.235', ' 172.16.0.232'], '172.16.0.232', 'asking'],
    [['172.16.0.235'], '172.16.0.23', 'not-listed'],
    [['127.0.0.1'], '::ffff:127.0.0.1', 'asking'],
    [['::FFFF:127.0.0.1'], '127.0.0.1', 'asking'],
    [['2001:DB8::1'], '2001:db8::1', 'asking'],
    [[], '127.0.0.1', 'not-listed'],
  ] as const)('%j takes %s as %s', (allow, address, admission) => {
    expect(newGate(allow, false).admit(address)).toBe(admission);
  });

  it('does not ask when addresses are approved, but still keeps others out', () => {
    const gate = newGate(['127.0.0.1'], true);
    expect([gate.admit('127.0.0.1'), gate.admit('127.0.0.2')]).toEqual(['admitted', 'not-listed']);
    expect(gate.asking).toBeUndefined();
  });
});

describe('the prompt', () => {
  it('swallows requests until Save, then admits that address only', () => {
    const gate = newGate('any', false);
    expect([gate.admit('10.0.0.1'), gate.admit('10.0.0.1')]).toEqual(['asking', 'asking']);
    expect(gate.answer('save')).toBe('10.0.0.1');
    expect([gate.admit('10.0.0.1'), gate.admit('10.0.0.2')]).toEqual(['admitted', 'asking']);
  });

  it('asks again after Cancel', () => {
    const gate = newGate('any', false);
    gate.admit('10.0.0.1');
    expect(gate.answer('cancel')).toBe('10.0.0.1');
    expect(gate.asking).toBeUndefined();
    expect(gate.admit('10.0.0.1')).toBe('asking');
    expect(gate.asking).toBe('10.0.0.1');
  });

  it('keeps the address it shows when another one asks', () => {
    const gate = newGate('any', false);
    gate.admit('10.0.0.1');
    gate.admit('10.0.0.2');
    expect(gate.answer('save')).toBe('10.0.0.1');
    expect(gate.admit('10.0.0.2')).toBe('asking');
  });

  it('cannot be answered when it does not show', () => {
    const gate = newGate(['127.0.0.1'], false);
    gate.admit('10.0.0.1');
    expect(gate.answer('save')).toBeUndefined();
    expect(gate.admit('10.0.0.1')).toBe('not-listed');
  });
});

describe('a change of the list', () => {
  it('takes effect at once, and a removed address must be approved again', () => {
    const gate = newGate(['10.0.0.1'], false);
    gate.admit('10.0.0.1');
    gate.answer('save');
    gate.change(['10.0.0.2']);
    expect(gate.list).toEqual(['10.0.0.2']);
    expect([gate.admit('10.0.0.1'), gate.admit('10.0.0.2')]).toEqual(['not-listed', 'asking']);
    gate.change('any');
    expect(gate.asking).toBe('10.0.0.2');
    gate.change(['10.0.0.1']);
    expect(gate.asking).toBeUndefined();
    expect(gate.admit('10.0.0.1')).toBe('asking');
  });

  it('leaves those saved that stay on it', () => {
    const gate = newGate(['10.0.0.1'], false);
    gate.admit('10.0.0.1');
    gate.answer('save');
    gate.change('any');
    expect(gate.admit('10.0.0.1')).toBe('admitted');
  });
});
