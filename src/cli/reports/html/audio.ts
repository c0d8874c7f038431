import type { CallAudio } from '../../../scenario/index.ts';
import { type Markup, markup } from './markup.ts';

/** The audio quality of each call of a phone at a PBX; empty if there is none. */
export function audioTable(
  audio: readonly CallAudio[] | undefined,
  id: string,
  level: 3 | 4,
): Markup | undefined {
  if (audio === undefined) return undefined;
  return markup`<h${level} id="${id}-audio">Audio</h${level}>
<div class="scroller" tabindex="0" role="region" aria-labelledby="${id}-audio">
<table class="audio" aria-labelledby="${id}-audio">
<thead><tr><th scope="col">Phone</th><th scope="col">With</th><th scope="col">Codec</th><th scope="col">Sent</th><th scope="col">Received</th><th scope="col">Lost</th><th scope="col">Jitter</th><th scope="col">Last heard</th></tr></thead>
<tbody>
${audio.map(audioRow)}</tbody>
</table>
</div>
`;
}

function audioRow({ role, remote, codec, sent, received, lost, jitter, heard }: CallAudio): Markup {
  return markup`<tr><th scope="row"><bdi>${role}</bdi></th><td><bdi>${remote}</bdi></td><td>${codec ?? 'none'}</td><td>${sent}</td><td>${received}</td><td>${lost}</td><td>${jitter} ms</td><td>${heard}</td></tr>\n`;
}
