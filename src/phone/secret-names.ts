/** Whether the value of a name is secret. */
export function isSecret(name: string): boolean {
  return SECRET.test(name) || SHORT_SECRET.test(name);
}

const SECRET =
  /pass|pwd|psw|pswd|psk|secret|token|credential|(?:wifi|wlan|wep|wpa|private|shared|api|auth)[-_ ]?key/i;
/** `pin`, `lockPin`, `PIN_CODE`, `lockpin`, `adminpw`, `pincode`, but not `ping` or `spinner`. */
const SHORT_SECRET =
  /(?:^|[^A-Za-z])(?:pin|pw)(?![a-z])|(?:Pin|Pw)(?![a-z])|PIN|PW|(?:pin|pw)(?:$|[^A-Za-z])|^(?:pin|pw)_?(?:code|no|num)/;

/** A parameter in a URL as it is, such as `token=…` or `user[password]=…`. */
const PLAIN = /([?&])([^?&=\s"]*)=[^&\s"]*/g;
/** The name of a parameter, however often a URL is escaped, or a page writes `=`. */
const NAME = /(?<![\w-])([\w-]+)(?:=|%(?:25)*3d|&#0*61;|&#x0*3d;|&equals;|\\u003d|\\x3d)/gi;
/** Its value, with what follows it where the end is not clear. */
const VALUE = /[^&\s"'<>\\]*/y;

/** A text without the secrets in the queries of URLs, such as that of the listener, which phones have in their Action URLs. */
export function withoutQuerySecrets(text: string): string {
  return withoutEscapedSecrets(
    text.replace(PLAIN, (whole, mark: string, name: string) =>
      isSecret(name) ? `${mark}${name}=***` : whole,
    ),
  );
}

function withoutEscapedSecrets(text: string): string {
  let shown = '';
  let end = 0;
  for (const { index, 0: whole, 1: name = '' } of text.matchAll(NAME)) {
    if (index < end || !isSecret(name)) continue;
    VALUE.lastIndex = index + whole.length;
    shown += `${text.slice(end, VALUE.lastIndex)}***`;
    VALUE.test(text);
    end = VALUE.lastIndex;
  }
  return shown + text.slice(end);
}
