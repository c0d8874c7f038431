/**
 * Whether a name matches a pattern: `*` is any text, `?` any character. Written by hand, because a regular expression
 * with several `.*` can take minutes for a few names, and names have no use for the braces, classes and slashes of file
 * globs.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, next] = [0, 0];
  // After a `*`: where the pattern continues, and the first character that the `*` does not cover yet.
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
