import { describe, expect, it } from 'vitest';
import { foldNodeset } from '../../src/targets/fold.ts';
import { expandNodeset } from '../../src/targets/nodeset.ts';
import { resolveTargets } from '../../src/targets/resolve.ts';
import { inventory } from './inventory.ts';

/**
 * The examples of ClusterShell's nodeset: the manual page nodeset(1) 1.8, and the chapter "nodeset" of
 * https://clustershell.readthedocs.io/en/latest/tools/nodeset.html. Left out is what belongs to options that this
 * tool does not have: --autostep, --axis, --split, --slice, --xor, --pick and --rangeset.
 */
describe('the manual of ClusterShell expands', () => {
  it.each([
    ['node[160-163]', 'node160 node161 node162 node163'],
    ['dc[1-2]n[2-6/2]', 'dc1n2 dc1n4 dc1n6 dc2n2 dc2n4 dc2n6'],
    ['node[13-15,17-19]', 'node13 node14 node15 node17 node18 node19'],
    ['node[156-159]', 'node156 node157 node158 node159'],
    ['node[0-3]', 'node0 node1 node2 node3'],
    ['node[1-2]x[1-2]', 'node1x1 node1x2 node2x1 node2x2'],
    ['node[0-6/2]', 'node0 node2 node4 node6'],
    ['node[08-11]', 'node08 node09 node10 node11'],
    ['node[000-012/4]', 'node000 node004 node008 node012'],
    ['node[1-13/4,7]', 'node1 node5 node9 node13 node7'],
  ])('%s', (text, expected) => {
    expect(expandNodeset(text).join(' ')).toBe(expected);
  });
});

describe('the manual of ClusterShell counts', () => {
  it.each([
    ['node[0-7,32-159]', 136],
    ['node[0-7,32-159],node[160-163]', 140],
    ['dc[1-2]n[100-199]', 200],
    ['node[13-15,17-19]', 6],
  ])('%s', (text, count) => {
    expect(expandNodeset(text)).toHaveLength(count);
  });
});

describe('the manual of ClusterShell folds', () => {
  it.each([
    ['node[0-7,32-159],node[160-163]', 'node[0-7,32-163]'],
    ['node3,node6,node1,node2,node7,node5', 'node[1-3,5-7]'],
    ['dc1n2,dc2n2,dc1n1,dc2n1', 'dc[1-2]n[1-2]'],
    ['node1-ipmi,node2-ipmi,node3-ipmi', 'node[1-3]-ipmi'],
    ['node1,node6,node7', 'node[1,6-7]'],
    ['node0,node1,node6,node7', 'node[0-1,6-7]'],
    ['nfsserv1,nfsserv2,nfsserv3', 'nfsserv[1-3]'],
    ['mgmt1-ipmi,mgmt2-ipmi,login[1-4]-ipmi', 'login[1-4]-ipmi,mgmt[1-2]-ipmi'],
    ['node1,node3,node5', 'node[1,3,5]'],
    ['node[1,3,5,7,34,39,99]', 'node[1,3,5,7,34,39,99]'],
    ['node001,node002,node003,node005', 'node[001-003,005]'],
    ['node-00[00-99]', 'node-[0000-0099]'],
    ['node-01[01,09,42]', 'node-[0101,0109,0142]'],
    ['node-[1-2]0-[0-2]5', 'node-[10,20]-[05,15,25]'],
    ['node-00[1-6]0', 'node-[0010,0020,0030,0040,0050,0060]'],
    ['node[1-3],node[4-7]', 'node[1-7]'],
    ['node[1-3],node[2-7],node[5-8]', 'node[1-8]'],
    ['b2,b1,b0,b,c,a0,a', 'a,a0,b,b[0-2],c'],
    ['bnode5,anode[1,4,7,9]', 'anode[1,4,7,9],bnode5'],
    ['node[1-100,200-300,500]', 'node[1-100,200-300,500]'],
    ['node1-ib0,node2-ib0,node1-ib1,node2-ib1', 'node[1-2]-ib[0-1]'],
    ['comp-[1-2]-[1-36],login-[1-2]', 'comp-[1-2]-[1-36],login-[1-2]'],
    // Widths may differ since 1.9 (its change for issues 293 and 442); the older manual makes this node[01-02].
    ['node1,node02', 'node[1,02]'],
    ['bar002,bar01,bar0', 'bar[0,01,002]'],
  ])('%s to %s', (text, folded) => {
    expect(foldNodeset(expandNodeset(text))).toBe(folded);
  });
});

/** The examples of nodeset(1) 1.8, "Extended patterns", and of the chapter "nodeset"; `^` is not part of targets. */
describe('the manual of ClusterShell computes', () => {
  const cluster = inventory(
    { 'node[0-159]': '10.1.0.[0-159]' },
    {
      oss: 'node[40-45]',
      mds: 'node[46-47]',
      lustre: '@oss,@mds',
      io1: 'node[40-41]',
      io2: 'node[42-43]',
      io3: 'node[44-45]',
    },
  );

  it.each([
    ['node[0-7],node[8-10]', 'node[0-10]'],
    ['node[0-10]!node[8-10]', 'node[0-7]'],
    ['node[0-10]&node[5-13]', 'node[5-10]'],
    ['node[1-4],node[5-9]', 'node[1-9]'],
    ['node[1-9]!node6', 'node[1-5,7-9]'],
    ['node[1-9]&node[6-12]', 'node[6-9]'],
    ['node[1-9]!node6&node[6-12]', 'node[7-9]'],
    ['node[32-159]!node33', 'node[32,34-159]'],
    ['node[32-159]&node[0-7,20-21,32,156-159]', 'node[32,156-159]'],
    ['node[1-9]!node[3,5-6,9]', 'node[1-2,4,7-8]'],
    ['@oss', 'node[40-45]'],
    ['@io[1-3]', 'node[40-45]'],
    ['@lustre!@mds', 'node[40-45]'],
    ['@io[1-3]!@io2', 'node[40-41,44-45]'],
  ])('%s', (target, folded) => {
    expect(foldNodeset(resolveTargets({ to: [target] }, cluster).phones.map(({ name }) => name ?? ''))).toBe(
      folded,
    );
  });
});
