/**
 * Whether a whole name is like a pattern: `*` is any text, `?` any character. By hand, because a regular expression
 * with several `.*` can take minutes over a few names, and braces, classes and slashes of file globs have no place
 * in a name.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, next] = [0, 0];
  // After a `*`: where the pattern goes on, and the first letter that the `*` does not cover yet.
  let [resume, uncovered] = [-1, 0];
  while (next < name.length) {
    if (pattern[at] === '*') {
      at += 1;
      [resume, uncovered] = [at, next];
    } else if (pattern[at] === '?' || pattern[at] === name[next]) {
      at += 1;
      next += 1;
    } else if (resume >= 0) {
      uncovered += 1;
      [at, next] = [resume, uncovered];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
