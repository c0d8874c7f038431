const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something happened, in the largest unit: `5 s`, `12 min`, `3 h`, `2 d`. */
export function ageText(ms: number): string {
  const age = Math.max(0, ms);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)} h`;
  return `${Math.floor(age / DAY)} d`;
}

/** A running clock: `0:05`, `12:34`, `1:02:03`; from one day on, the age. */
export function clockText(ms: number): string {
  const age = Math.max(0, ms);
  if (age >= DAY) return ageText(age);
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  const seconds = two((age % MINUTE) / SECOND);
  const minutes = (age % HOUR) / MINUTE;
  return age < HOUR
    ? `${Math.floor(minutes)}:${seconds}`
    : `${Math.floor(age / HOUR)}:${two(minutes)}:${seconds}`;
}
