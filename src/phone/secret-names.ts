/** Whether the value of a name is secret. */
export function isSecret(name: string): boolean {
  return SECRET.test(name) || SHORT_SECRET.test(name);
}

const SECRET = /pass|pwd|psw|pswd|psk|secret|token|credential/i;
/** `pin`, `lockPin`, `PIN_CODE`, but not `ping` or `spinner`. */
const SHORT_SECRET = /(?:^|[^A-Za-z])(?:pin|pw)(?![a-z])|(?:Pin|Pw)(?![a-z])|PIN|PW/;

/** A text without the secrets in the queries of URLs, such as that of the listener, which phones have in their Action URLs. */
export function withoutQuerySecrets(text: string): string {
  return text.replace(/([?&])([^?&=\s"]*)=[^&\s"]*/g, (whole, mark: string, name: string) =>
    isSecret(name) ? `${mark}${name}=***` : whole,
  );
}
