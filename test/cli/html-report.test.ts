import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { markup } from '../../src/cli/reports/html/markup.ts';
import { fewerRows, type Row } from '../../src/cli/reports/html/rows.ts';
import { html } from '../../src/cli/reports/html.ts';
import type { Attempt, RunDocument, ScenarioResult, TraceEntry } from '../../src/scenario/index.ts';
import {
  attempt,
  failed,
  flaky,
  hostile,
  LOST,
  lobby,
  NASTY,
  passed,
  run,
  SHOWN,
  scenario,
  skipped,
  step,
  taken,
  UNMET,
  unwanted,
  virtual,
} from './run-documents.ts';

/** What a person reads, blanks as one; tags that stand in a line leave none. */
function textOf(page: string): string {
  return decode(
    page
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<\/?(?:b|bdi|span|code|wbr|a)\b[^>]*>/g, '')
      .replace(/<[^>]*>/g, ' '),
  ).replace(/\s+/g, ' ');
}

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** The names of open tags, at the end and where one is closed that is not the last. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const markupOnly = page.replace(/<style>.*?<\/style>/s, '').replace('<!DOCTYPE html>', '');
  for (const [, close, name = '', rest = ''] of markupOnly.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (rest.endsWith('/') || ['meta', 'col', 'wbr'].includes(name)) continue;
    if (close === '') open.push(name);
    else if (open.pop() !== name) return [...open, `/${name}`];
  }
  return open;
}

/** The rows of the timelines, as texts. */
function timelineOf(page: string): readonly string[] {
  return [...page.matchAll(/<div class="timeline.*?<\/table>/gs)].flatMap(([table]) =>
    [...table.matchAll(/<tr[ >].*?<\/tr>/gs)].map(([row]) => textOf(row).trim()),
  );
}

const page = html(run([passed, failed, unwanted, taken, skipped, flaky]));

describe.each([
  ['every status', page],
  ['what is hostile', html(run([hostile]))],
  ['no scenario', html(run([]))],
  [
    'many phones',
    html(
      run([
        { ...passed, phones: [...'abcdefgh'].map((role) => ({ ...virtual, role, phone: NASTY + role })) },
      ]),
    ),
  ],
  ['one phone', html(run([{ ...passed, phones: [lobby] }]))],
])('a page of %s', (_, page) => {
  it('is well formed', () => {
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/&(?!#\d+;)/);
  });

  it('has every id once, and every link leads to one', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('asks for nothing from elsewhere, and runs nothing', () => {
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|base|form)\b|\ssrc=|@import|url\(|javascript:/i,
    );
    expect(page).not.toMatch(/\s(?:href|xlink:href)="(?!#)/);
    expect(page).not.toMatch(/<[^>]*\s(?:on[a-z]+|style)=(?![^<]*&#39;)/);
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(decode(page)).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  it('has no character that hides or turns text around', () => {
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe('the head', () => {
  it.each<[string, Partial<RunDocument>, readonly ScenarioResult[]]>([
    ['passed', {}, [passed]],
    ['failed', {}, [failed, taken]],
    ['error', { exitCode: 1 }, [taken]],
    ['failed', { ok: false, exitCode: 6 }, [flaky]],
    ['stopped', { ok: false, exitCode: 130 }, [failed]],
  ])('says %s', (word, more, results) => {
    const text = textOf(html(run(results, more)));
    expect(text).toContain(`atcom test ${word}`);
  });

  it('shows counts, the start and the duration', () => {
    const text = textOf(page);
    for (const part of ['scenarios 6', 'passed 1', 'flaky 1', 'failed 2', 'errors 1', 'skipped 1']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('started 2026-11-25 03:54:08 UTC took 1.23 s exit code 6');
  });

  it('has no start where nothing began', () => {
    expect(textOf(html(run([skipped])))).not.toContain('started');
  });
});

describe('the overview', () => {
  const [overview = ''] = /<table class="overview".*?<\/table>/s.exec(page) ?? [];
  const rows = [...overview.matchAll(/<tr class.*?<\/tr>/gs)].map(([row]) => textOf(row).trim());

  it.each([
    [0, 'passed one that is passed flows/call.yaml:3 smoke 366 1'],
    [1, 'failed one that is failed flows/call.yaml:3 smoke 366 1'],
    [3, 'error one that is error flows/call.yaml:3 smoke – 0'],
    [4, 'skipped one that is skipped flows/call.yaml:3 smoke – 0'],
    [5, 'flaky one that is flaky flows/call.yaml:3 smoke 366 2'],
  ])('row %i: %s', (index, text) => {
    expect(rows[index]).toBe(text);
    expect(overview).toContain(`href="#s${index + 1}"`);
  });
});

describe('a scenario', () => {
  it.each([
    ['passed', passed, false],
    ['skipped', skipped, false],
    ['failed', failed, true],
    ['error', taken, true],
    ['flaky', flaky, true],
  ] as const)('that is %s is open or folded', (status, result, open) => {
    const [, isOpen] = new RegExp(`<details class="scenario ${status}"( open)?>`).exec(
      html(run([result])),
    ) ?? ['', 'none'];
    expect(isOpen).toBe(open ? ' open' : undefined);
  });

  it.each([
    ['where', failed, 'step 2, b: expect incomingCall within 3s (flows/call.yaml:12:5)'],
    ['what', failed, 'b (virtual 6002) did not report incomingCall within 3s'],
    ['what was seen', failed, 'seen on b since the last event that was expected of it: -0.003 s openDND'],
    ['what was seen elsewhere', failed, 'a -0.004 s outgoingCall'],
    ['what went wrong besides', failed, 'afterwards, cleanup 1, a: hangup:'],
    ['why it could not run', taken, 'another run of atcom is using lobby'],
    ['what to do', taken, 'Fix: try again'],
    ['why it was skipped', skipped, 'Skipped: a has one line only'],
    ['that it was flaky', flaky, 'Passed at try 2 only. Try 1: b (virtual 6002) did not report incomingCall'],
  ])('tells %s', (_, result, text) => {
    expect(textOf(html(run([result])))).toContain(text);
  });

  it('leads to where it failed', () => {
    const text = html(run([failed]));
    expect(text).toContain('href="#s1-t1-wrong"');
    expect(textOf(/<td id="s1-t1-wrong".*?<\/td>/s.exec(text)?.[0] ?? '')).toContain('did not come:');
  });

  it('shows the last try first, and folds those before', () => {
    const text = html(run([flaky]));
    const [before = '', folded = '', ...others] = text.split('<details class="attempt">');
    expect(others).toEqual([]);
    expect(before).toContain('id="s1-t2-timeline"');
    expect(before).not.toContain('did not come:');
    expect(textOf(folded)).toContain('failed Try 1');
    expect(folded).toContain('did not come:');
  });
});

it('tells how many events are only in the trace', () => {
  const [attempt] = failed.attempts;
  const steps =
    attempt?.steps.map((step) => (step.seen === undefined ? step : { ...step, omitted: 7 })) ?? [];
  const text = textOf(html(run([{ ...failed, attempts: [{ ...(attempt as Attempt), steps }] }])));
  expect(text).toContain('a -0.004 s outgoingCall 7 earlier ones are in the trace');
});

it('shows as many lines as a browser can show, the first and the last', () => {
  const [attempt] = failed.attempts;
  const [first, ...others] = attempt?.trace ?? [];
  const trace = [...Array.from({ length: 10_100 }, () => first as TraceEntry), ...others];
  const [timeline = ''] =
    /<div class="timeline.*?<\/table>/s.exec(
      html(run([{ ...failed, attempts: [{ ...(attempt as Attempt), trace }] }])),
    ) ?? [];
  expect(timeline.split('<tr').length).toBeLessThan(10_010);
  expect(textOf(timeline)).toMatch(/… 1\d\d lines are left out here/);
  expect(timeline).toContain('id="s1-t1-wrong"');
});

it.each([
  [5000, 20],
  [15_000, 20],
  [15_000, 9000],
])('shows what went wrong, with %i lines before it and %i after', (before, after) => {
  const line = (at: number): Row => ({ kind: 'gap', at, ms: 1 });
  const wrong = { kind: 'end', at: 0 } as Row;
  const rows = [...Array.from({ length: before }, (_, at) => line(at)), wrong];
  for (let at = 0; at < after; at += 1) rows.push(line(at));
  const fewer = fewerRows(rows, 1000);
  expect(fewer).toContain(wrong);
  const counts = fewer.map((row) => (row.kind === 'omitted' ? row.count : 1));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  expect(fewer.length).toBeLessThanOrEqual(1002);
});

describe('the steps', () => {
  const [table = ''] = /<table class="steps".*?<\/table>/s.exec(html(run([failed]))) ?? [];
  const phases = table.split('<tbody>').map((body) => [...body.matchAll(/<tr class.*?<\/tr>/gs)]);
  const rows = phases.map((phase) => phase.map(([row]) => textOf(row).trim()));

  it('stand phase by phase, each with its status, phone, line and time', () => {
    expect(rows.slice(1)).toEqual([
      ['setup 1 passed a idle 11:5 +0.001 s 5 ms'],
      [
        'step 1 passed a dial 6002 11:5 +0.010 s 5 ms',
        `step 2 failed b expect incomingCall within 3s ${UNMET.message} 12:5 +0.020 s 3.00 s`,
        'step 2 stopped a expect established within 5s 12:5 +0.020 s 3.00 s',
        'step 3 skipped pause 2s 13:5',
      ],
      [`cleanup 1 error a hangup ${LOST.message} 11:5 +3.021 s 5 ms`],
    ]);
  });
});

describe('the timeline', () => {
  it('has a lane a phone', () => {
    expect(timelineOf(html(run([passed])))[0]).toBe(
      'Time a lobby number 6001, A48, 10.0.0.1 b virtual 6002 A20',
    );
  });

  it('shows keys, answers and events in their order, and the steps that they are of', () => {
    expect(timelineOf(html(run([passed]))).slice(1)).toEqual([
      '+0.010 s step 1 a: dial 6002 line 11',
      '+0.010 s keys 6002;DIAL',
      '+0.015 s answer ok 200 14 ms',
      '+0.016 s event outgoingCall sip:6002@pbx',
      '+0.020 s step 2 b: expect incomingCall within 3s line 12',
      '+0.021 s event incomingCall sip:6001@pbx expected in step 2',
      '+0.022 s event idleToBusy',
    ]);
  });

  it('shows a missing event where it was due at the latest, and other failures', () => {
    expect(timelineOf(html(run([failed]))).slice(6)).toEqual([
      '+0.017 s event openDND',
      '+0.020 s step 2 b: expect incomingCall within 3s | a: expect established within 5s line 12',
      '… 3.000 s',
      '+3.020 s did not come: expect incomingCall within 3s step 2',
      '+3.020 s stopped in expect established within 5s step 2',
      '+3.021 s cleanup 1 a: hangup line 11',
      '+3.021 s keys ENDCALL',
      '+3.026 s answer unknown 14 ms',
      `+3.026 s error: hangup cleanup 1 ${LOST.message}`,
    ]);
  });

  it('shows what must not come after it came', () => {
    expect(timelineOf(html(run([unwanted]))).slice(-2)).toEqual([
      '+0.025 s event incomingCall',
      '+0.025 s must not come: never incomingCall during 1s step 2',
    ]);
  });

  it('puts every mark into the lane of its phone', () => {
    const cells = [...html(run([passed])).matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell !== ''),
    );
    expect(cells).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ]);
  });

  it('tells the three kinds apart by shape', () => {
    const shapes = timelineShapes(html(run([passed])));
    expect(shapes).toEqual({ press: 'rect', answer: 'circle', event: 'path' });
  });

  it.each([
    ['a step that was stopped on no phone', step(1, undefined, 'pause 2s', { status: 'stopped' })],
    ['a step that failed on one', step(1, 'b', 'hold', { status: 'error', error: LOST })],
  ])('has a line for %s, though nothing happened', (_, only) => {
    const result = scenario('error', { attempts: [attempt({ error: LOST, steps: [only] })] });
    expect(timelineOf(html(run([result])))).toHaveLength(3);
  });

  it('says so where nothing happened at all', () => {
    const text = textOf(html(run([scenario('error', { attempts: [attempt({ error: LOST })] })])));
    expect(text).toContain('No step was tried.');
    expect(text).toContain('No key was sent, and no phone reported anything.');
  });
});

function timelineShapes(page: string): Readonly<Record<string, string | undefined>> {
  const marks = page.matchAll(/<div class="mark (\w+)[^"]*"><svg[^>]*><(\w+)/g);
  return Object.fromEntries([...marks].map(([, kind, shape]) => [kind, shape]));
}

describe('what comes from a phone, a file or the network', () => {
  const page = html(run([hostile]));

  it('is text, wherever it appears', () => {
    const shown = textOf(page).split(SHOWN.replace(/\s+/g, ' ')).length - 1;
    expect(page).not.toContain('<script');
    expect(page).not.toContain('onload="');
    // Names and file, tag, roles and phones, step, keys, remotes.
    expect(shown).toBeGreaterThan(12);
  });

  it('cannot leave an attribute', () => {
    const titles = [...page.matchAll(/ title="([^"]*)"/g)].map(([, title = '']) => decode(title));
    expect(titles).toContain(SHOWN);
    expect(titles.every((title) => title.includes(SHOWN))).toBe(true);
  });
});

describe('markup', () => {
  it.each([
    ['text', markup`<p>${'<b>'}</p>`, '<p>&#60;b&#62;</p>'],
    ['an attribute', markup`<p title="${`"'\``}"></p>`, '<p title="&#34;&#39;&#96;"></p>'],
    ['markup', markup`<p>${markup`<b></b>`}</p>`, '<p><b></b></p>'],
    ['a list', markup`<p>${['<', markup`<br>`, [1]]}</p>`, '<p>&#60;<br>1</p>'],
    ['nothing', markup`<p>${undefined}</p>`, '<p></p>'],
    ['a line end', markup`<p>${'a\nb'}</p>`, '<p>a\\u000ab</p>'],
  ])('takes %s', (_, made, text) => {
    expect(made.toString()).toBe(text);
  });
});
