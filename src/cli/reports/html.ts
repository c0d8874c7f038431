import { createHash } from 'node:crypto';
import type { RunDocument } from '../../scenario/index.ts';
import { Markup, markup } from './html/markup.ts';
import { overview, pageHeader, verdictOf } from './html/overview.ts';
import { scenarioSection } from './html/scenario.ts';
import { STYLE } from './html/style.ts';

/**
 * One page for people who look at a call flow that went wrong. It needs nothing but itself, and runs nothing: it says so
 * to the browser, which would refuse whatever a phone might have smuggled in.
 */
export function html(document: RunDocument): string {
  const { results } = document;
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>atcom test: ${verdictOf(document)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${pageHeader(document)}
<main>
${overview(results)}
${results.map(scenarioSection)}</main>
</body>
</html>
`.toString();
}
