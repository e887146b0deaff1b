// Speaks what is heard at the ear, with a voice of the right language where there is one.

// How many characters a browser's voice says in a second at its ordinary rate, about.
const ORDINARY = 15;

export class Voice {
  constructor() {
    this.synthesis = window.speechSynthesis;
    this.allowed = false;
  }

  allow(on) {
    this.allowed = on;
    if (!on) this.hush();
  }

  // `seconds` is how long the network takes to say it; the voice keeps pace.
  say(text, language, seconds) {
    if (!this.allowed || !this.synthesis || !text) return;
    const spoken = new SpeechSynthesisUtterance(text);
    if (language) spoken.lang = language;
    const voice = this.voiceFor(language);
    if (voice) spoken.voice = voice;
    if (seconds > 0) spoken.rate = Math.min(1.4, Math.max(0.7, text.length / seconds / ORDINARY));
    this.synthesis.speak(spoken);
  }

  voiceFor(language) {
    if (!language) return null;
    const voices = this.synthesis.getVoices();
    const exact = voices.find((voice) => voice.lang.replace("_", "-") === language);
    const tongue = language.split("-")[0];
    return exact ?? voices.find((voice) => voice.lang.startsWith(tongue)) ?? null;
  }

  hush() {
    this.synthesis?.cancel();
  }
}
