/** `10.0.0.1`, `pbx.example:5070`, `[::1]:5060`: where a PBX is, in the words of its account. */
export const SIP_PLACE = /^(?:\[[\dA-Fa-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/;
