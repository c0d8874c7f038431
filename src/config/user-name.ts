/** What a user name must be; a line end or another control character cannot stand in the header of a request. */
export const USER_NAME_RULE = 'must not contain line ends or other control characters';

/** Whether a text can be the name of a user. */
export function isUserName(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}
