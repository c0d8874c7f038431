import { basename, dirname } from 'node:path';
import {
  asFound,
  broughtAlong,
  type ConfigPlaces,
  findConfig,
  PROJECT_FILES,
  type Trust,
  trustIn,
} from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { attempt } from '../../files/attempt.ts';
import { realPath } from '../../files/links.ts';
import { readPlainFile } from '../../files/plain.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';

/** Words for whether a file is trusted. */
const TRUST: Readonly<Record<Trust, string>> = {
  none: '',
  given: ' (trusted)',
  outdated: ' (it, or a PEM file that it names, has changed since it was trusted)',
};

const NO_HOME = 'none (this user has no home: set HOME to have one)';

/** Shows which config files are used and every place that was searched, whatever is in them. */
export function showPath({ output, configContext }: Context): void {
  const places = findConfig(configContext);
  const trustOf = (path: string) => {
    const folder = dirname(attempt(() => realPath(path)) ?? path);
    return trustIn(path, asFound(attempt(() => readPlainFile(path)) ?? '', folder), configContext);
  };
  const found = places.found.map((file) => {
    const reason = broughtAlong(file, configContext);
    const { path, kind } = file;
    if (kind !== 'project' && reason === undefined) return { shown: { path, kind }, note: '' };
    const trust = kind === 'project' ? trustOf(path) : 'none';
    const note = reason === undefined ? TRUST[trust] : ` (not trusted: ${visible(reason)})`;
    return { shown: { path, kind, trusted: trust === 'given' }, note };
  });
  const files = found.map(({ shown }) => shown);
  const { searched, user, ignored } = places;
  output.result({ ...documentHead('config path'), files, searched, user, ignored }, () =>
    columns([
      ...found.map(({ shown: { kind, path }, note }) => [kind, `${visible(path)}${note}`]),
      ...(files.some(({ kind }) => kind === 'user')
        ? []
        : [['user', user === undefined ? NO_HOME : `${visible(user)} (not there)`]]),
      ...lookedAt(places),
    ]),
  );
}

/** Rows for the places that were searched, and for files that exist but are not used. */
export function lookedAt({ searched, ignored, found, closed }: ConfigPlaces): readonly (readonly string[])[] {
  const [last = ''] = PROJECT_FILES.slice(-1);
  const folders = searched.filter((path) => basename(path) === last).map((path) => dirname(path));
  const named = found.some((file) => file.named && file.kind === 'project');
  return [
    ...ignored.map((path) => ['ignored', visible(path)]),
    ...(closed === undefined ? [] : [['closed', `${visible(closed)} (this user may not read it)`]]),
    ...(named ? [] : folders.map((folder) => ['looked in', visible(folder)])),
    ...(named ? [] : [['looked for', `${PROJECT_FILES.join(', ')} (its key "atcom")`]]),
  ];
}
