import type { Exchange } from '../transport/exchange.ts';

/** Makes something unreadable in a text. */
export type Hide = (text: string) => string;

/**
 * Hides a secret, however it is escaped, in what a phone answers: some phones send back what they were sent. Of no
 * secret, nothing.
 */
export function hiderOf(secret = ''): Hide {
  if (secret === '') return (text) => text;
  const forms = formsOf(secret).map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const pattern = new RegExp(forms.join('|'), 'gi');
  return (text) => text.replace(pattern, '***');
}

/** As it is, and as it stands in a URL, in JSON and in HTML; longer ones first. */
function formsOf(secret: string): readonly string[] {
  const inUrl = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'));
  const inHtml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const forms = [
    inUrl,
    JSON.stringify(secret).slice(1, -1),
    inHtml.replaceAll('"', '&quot;'),
    inHtml,
    secret,
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** An answer without the proof in the `Authorization` header of its request. */
export function withoutProof(result: Exchange, authorization: string): Exchange {
  if (result.kind !== 'answer') return result;
  const [, basic, response] = /^Basic ([^=]+)|\bresponse="(\w+)"/.exec(authorization) ?? [];
  const hide = hiderOf(basic ?? response);
  return { ...result, head: hide(result.head), body: hide(result.body) };
}
