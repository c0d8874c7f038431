import { basename, dirname } from 'node:path';
import { type ConfigPlaces, findConfig, PROJECT_FILES, trustedHash } from '../../config/index.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { columns, visible } from '../output/text.ts';

/** Shows which config files are used and every place that was searched, without reading any of them. */
export function showPath({ output, configContext }: Context): void {
  const places = findConfig(configContext);
  const files = places.found.map(({ path, kind }) => ({
    path,
    kind,
    ...(kind === 'project' ? { trusted: trustedHash(path, configContext) !== undefined } : {}),
  }));
  const { searched, user, ignored } = places;
  output.result({ ...documentHead('config path'), files, searched, user, ignored }, () =>
    columns([
      ...files.map(({ kind, path, trusted }) => [kind, visible(path), trusted === true ? 'trusted' : '']),
      ...(files.some(({ kind }) => kind === 'user') ? [] : [['user', `${visible(user)} (not there)`]]),
      ...lookedAt(places),
    ]),
  );
}

/** Rows for the places that were searched, and for files that exist but are not used. */
export function lookedAt({ searched, ignored, found }: ConfigPlaces): readonly (readonly string[])[] {
  const [last = ''] = PROJECT_FILES.slice(-1);
  const folders = searched.filter((path) => basename(path) === last).map((path) => dirname(path));
  const named = found.some((file) => file.named && file.kind === 'project');
  return [
    ...ignored.map((path) => ['ignored', visible(path)]),
    ...(named ? [] : folders.map((folder) => ['looked in', visible(folder)])),
    ...(named ? [] : [['looked for', `${PROJECT_FILES.join(', ')} (its key "atcom")`]]),
  ];
}
