import { readFileSync, type Stats } from 'node:fs';
import { attempt } from './attempt.ts';

/** Whoever else than some users can write a file, as the subject of a sentence; undefined if nobody can. */
export function writersOf({ mode, gid }: Stats, friends: readonly number[]): string | undefined {
  if ((mode & 0o002) !== 0) return 'others';
  if ((mode & 0o020) === 0) return undefined;
  return friends.includes(gid) && isPrivate(gid, friends, systemLists()) ? undefined : 'its group';
}

/** The system's lists of users and groups. */
export interface SystemLists {
  readonly passwd: string;
  readonly group: string;
}

/**
 * Whether a group with the number of a user contains nobody else, as one that useradd makes. Groups and users are numbered
 * apart, so another group may have that number; and an administrator can add others to it. OpenSSH looks at the same. Of
 * users and groups that only a network knows, the number decides.
 */
export function isPrivate(gid: number, friends: readonly number[], { passwd, group }: SystemLists): boolean {
  const users = linesOf(passwd).map(([name, , uid, main]) => ({
    name,
    uid: Number(uid),
    main: Number(main),
  }));
  const strangers = users.filter(({ uid }) => !friends.includes(uid));
  const own = users.filter(({ uid }) => friends.includes(uid)).map(({ name }) => name);
  const members = linesOf(group)
    .filter(([, , number]) => Number(number) === gid)
    .flatMap(([, , , names = '']) => names.split(',').filter(Boolean));
  // Some systems have accounts for `shutdown` and the like in root's group.
  return (
    members.every((name) => own.includes(name)) && (gid === 0 || strangers.every(({ main }) => main !== gid))
  );
}

function linesOf(list: string): readonly (readonly string[])[] {
  return list
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(':'));
}

function systemLists(): SystemLists {
  const read = (file: string) => attempt(() => readFileSync(file, 'utf8')) ?? '';
  return { passwd: read('/etc/passwd'), group: read('/etc/group') };
}
