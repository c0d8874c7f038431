import { element } from '../parts/element.ts';

/** The ringing tones in hertz, and the durations of ring and pause in seconds. */
const TONES = [440, 554];
const RINGS = 1;
const CYCLE = 3;
const LOUD = 0.12;

/**
 * The switch for the ringing sound. It is off at first, because browsers play no sound before a user gesture. The sound
 * is synthesized, so there is no audio file.
 */
export function soundSwitch() {
  const button = element('button', 'switch', 'Sound');
  button.type = 'button';
  button.ariaPressed = 'false';
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let ringing = false;
  const hear = () => {
    const wanted = ringing && button.ariaPressed === 'true';
    if (wanted === (timer !== undefined)) return;
    if (!wanted) {
      clearInterval(timer);
      timer = undefined;
      void context?.close();
      context = undefined;
      return;
    }
    const bell = new AudioContext();
    context = bell;
    ringOnce(bell);
    timer = setInterval(() => ringOnce(bell), CYCLE * 1000);
  };
  button.addEventListener('click', () => {
    button.ariaPressed = String(button.ariaPressed !== 'true');
    hear();
  });
  return {
    button,
    /** @param on - whether the phone is ringing */
    ring(on: boolean) {
      ringing = on;
      hear();
    },
  };
}

/** Fades in and out to avoid clicks. */
function ringOnce(context: AudioContext): void {
  const start = context.currentTime + 0.02;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUD, start + 0.04);
  gain.gain.setValueAtTime(LOUD, start + RINGS - 0.08);
  gain.gain.linearRampToValueAtTime(0, start + RINGS);
  gain.connect(context.destination);
  for (const frequency of TONES) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(start);
    tone.stop(start + RINGS);
  }
}
