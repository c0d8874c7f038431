import { createHash } from 'node:crypto';
import type { RunDocument } from '../../scenario/index.ts';
import { Markup, markup } from './html/markup.ts';
import { overview, pageHeader, verdictOf } from './html/overview.ts';
import { scenarioSection } from './html/scenario.ts';
import { STYLE } from './html/style.ts';

/**
 * A self-contained page for people who examine a failed call flow. It loads and runs nothing, and tells the browser so,
 * which would then refuse anything a phone might have injected.
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
