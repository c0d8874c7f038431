import { type Markup, markup } from './markup.ts';

/**
 * The shapes are drawn with attributes only, so that they look the same if a build server blocks the page's style. Each
 * has a word next to it, so the shape is never the only information.
 */
const SHAPES = {
  press: markup`<rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor"/>`,
  answer: markup`<circle cx="8" cy="8" r="5.5" fill="currentColor"/>`,
  refusal: markup`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/><path d="M4 12 12 4" stroke="currentColor" stroke-width="2"/>`,
  event: markup`<path d="M8 .5 15.5 8 8 15.5.5 8z" fill="currentColor"/>`,
  missing: markup`<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 1.6"/>`,
  failed: markup`<path d="M3 3 13 13M13 3 3 13" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/>`,
  passed: markup`<path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/>`,
  error: markup`<path d="M8 2v7.5" stroke="currentColor" stroke-width="3" stroke-linecap="round"/><circle cx="8" cy="13.5" r="1.8" fill="currentColor"/>`,
  flaky: markup`<path d="M1.5 10.5 5 5.5 8.5 10.5 11.5 5.5 14.5 9.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>`,
  sent: markup`<path d="M2 8h10M8.5 3.5 13 8l-4.5 4.5" fill="none" stroke="currentColor" stroke-width="2"/>`,
  received: markup`<path d="M14 8H4M7.5 3.5 3 8l4.5 4.5" fill="none" stroke="currentColor" stroke-width="2"/>`,
  skipped: markup`<path d="M3 8h10" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>`,
  stopped: markup`<rect x="3" y="3" width="10" height="10" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/>`,
} as const;

export type Shape = keyof typeof SHAPES;

export function icon(shape: Shape): Markup {
  return markup`<svg class="icon" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[shape]}</svg>`;
}

/** A status as shape, word and colour. */
export function badge(status: 'passed' | 'failed' | 'error' | 'flaky' | 'skipped' | 'stopped'): Markup {
  return markup`<span class="badge ${status}">${icon(status)} ${status}</span>`;
}
