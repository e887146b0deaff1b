// Rings, keys and tones, made by the browser itself; silent until the person allows it.

// Frequencies in hertz, times in seconds.
const KEY_TONES = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477],
  4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477],
  "*": [941, 1209], 0: [941, 1336], "#": [941, 1477],
};
const RINGING_TONE = [400, 450]; // what a British caller hears: two short, a pause
const CADENCE = 3.0;
const BELL = [1050, 1320];
const MARIMBA = [523.25, 659.25, 783.99, 1046.5, 783.99, 659.25];

export class Sound {
  constructor() {
    this.allowed = false;
    this.context = null;
    this.ringers = new Map(); // number -> timer
    this.ear = null;
    // Browsers let nothing sound before the person has done something on the page.
    const wake = () => this.context?.resume();
    window.addEventListener("pointerdown", wake);
    window.addEventListener("keydown", wake);
  }

  allow(on) {
    this.allowed = on;
    if (on && !this.context) this.context = new AudioContext();
    if (on) this.context.resume();
    else this.stop();
  }

  stop() {
    for (const timer of this.ringers.values()) clearInterval(timer);
    this.ringers.clear();
    this.atEar(null);
  }

  key(key) {
    if (this.ready) this.beep(KEY_TONES[key], 0, 0.12, 0.06);
  }

  text() {
    if (!this.ready) return;
    this.beep([880], 0, 0.08, 0.06);
    this.beep([1174.66], 0.1, 0.14, 0.06);
  }

  // `phones` are those that ring now; each rings on until it is no longer among them.
  ring(phones) {
    const wanted = new Map(phones.map((phone) => [phone.number, phone.kind]));
    for (const [number, timer] of this.ringers) {
      if (!wanted.has(number)) {
        clearInterval(timer);
        this.ringers.delete(number);
      }
    }
    if (!this.ready) return;
    for (const [number, kind] of wanted) {
      if (this.ringers.has(number)) continue;
      const once = () => (kind === "landline" ? this.bell() : this.marimba());
      once();
      this.ringers.set(number, setInterval(once, CADENCE * 1000));
    }
  }

  // What is heard in the receiver besides words: "ringback", "beep", or null for silence.
  atEar(sound) {
    clearInterval(this.ear?.timer);
    this.ear?.audio?.pause();
    this.ear = null;
    if (!this.ready) return;
    if (sound === "beep") this.beep([1000], 0, 0.4, 0.06);
    if (sound === "ringback") {
      const once = () => {
        this.beep(RINGING_TONE, 0, 0.4, 0.04);
        this.beep(RINGING_TONE, 0.6, 0.4, 0.04);
      };
      once();
      this.ear = { timer: setInterval(once, CADENCE * 1000) };
    }
  }

  // A recorded prompt.
  play(url) {
    this.atEar(null);
    if (!this.ready) return;
    const audio = new Audio(url);
    audio.play().catch(() => {}); // it cannot be had: the transcript still names it
    this.ear = { audio };
  }

  get ready() {
    return this.allowed && this.context !== null;
  }

  bell() {
    for (const start of [0, 0.6]) {
      for (let stroke = 0; stroke < 8; stroke += 1) {
        this.beep([BELL[stroke % 2]], start + stroke * 0.05, 0.09, 0.05, "triangle");
      }
    }
  }

  marimba() {
    MARIMBA.forEach((note, place) => this.beep([note], place * 0.16, 0.24, 0.06, "triangle"));
  }

  beep(notes, after, seconds, loudness, shape = "sine") {
    const begin = this.context.currentTime + after;
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(loudness, begin + 0.01);
    gain.gain.setValueAtTime(loudness, begin + seconds * 0.6);
    gain.gain.linearRampToValueAtTime(0, begin + seconds);
    gain.connect(this.context.destination);
    for (const note of notes) {
      const oscillator = this.context.createOscillator();
      oscillator.type = shape;
      oscillator.frequency.value = note;
      oscillator.connect(gain);
      oscillator.start(begin);
      oscillator.stop(begin + seconds);
    }
  }
}
