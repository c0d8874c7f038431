/** Why a phone is not registered, in words that fit its display. */
export function reasonOfStatus(status: number): string {
  if (status === 401 || status === 403 || status === 407) return `${status}: wrong user or password`;
  if (status === 404) return '404: the PBX has no such user';
  if (status === 408) return 'no answer from the PBX';
  return status === 0 ? 'the PBX cannot be reached' : `${status} from the PBX`;
}

const TLS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: certificate of another name',
  CERT_HAS_EXPIRED: 'TLS: certificate has expired',
};

/** Why there is no connection to the PBX. */
export function reasonOfError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code ?? message;
  if (/CERT|SIGNATURE/.test(reason)) return TLS[reason] ?? `TLS: not trusted (${reason})`.slice(0, 64);
  return reason.slice(0, 64);
}
