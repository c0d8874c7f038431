/** `10.0.0.1`, `pbx.example:5070`, `[::1]:5060`: where a PBX is, in the words of its account. */
export const SIP_PLACE = /^(?:\[[\dA-Fa-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/;

/** The port of SIP for that of SIP over TLS, because a PBX has the same accounts on both; any other as it is. */
export function accountPort(port: number): number {
  return port === 5061 ? 5060 : port;
}
