// The silent clock of a sitting: the server's time, told when asked for, and at 10, 5 and 1 minutes.

const MARKS = [600, 300, 60];
const SYNC = 60;
const LAST_STEP = 10; // in the last minute the visible text moves in steps of ten seconds
const AFTER_END = 2;

const fill = (sentence, n) => sentence.replace("{n}", n);

/** The smallest mark that has been passed; infinity before the first. */
const markOf = (seconds) => Math.min(...MARKS.filter((mark) => seconds <= mark), Infinity);

/** Seconds until the visible text says something else, or a mark is reached. */
const untilChange = (seconds) => {
  const step = seconds > 60 ? 60 : LAST_STEP;
  return seconds - step * (Math.ceil(seconds / step) - 1);
};

class Clock {
  constructor(box, onEnd) {
    this.box = box;
    this.onEnd = onEnd;
    this.text = box.querySelector("[data-clock-text]");
    this.announcement = document.querySelector("[data-clock-announcement]");
    this.givenBack = Number(box.dataset.givenBack);
    this.allowed = Number(box.dataset.minutesAllowed);
    this.ended = false;
    this.set(Number(box.dataset.seconds));
    this.syncedAt = performance.now();
  }

  start() {
    this.box.addEventListener("toggle", () => this.show());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.sync();
    });
    addEventListener("online", () => this.sync());
    setTimeout(() => this.pass(), 1000); // a live region that is filled at once is not read out
  }

  /** Take the server's word for the time that is left; this machine only counts from there. */
  set(seconds) {
    this.endsAt = performance.now() + 1000 * seconds;
  }

  get left() {
    return Math.max(0, (this.endsAt - performance.now()) / 1000);
  }

  say(sentence) {
    this.announcement.textContent = sentence;
  }

  sentence(seconds) {
    const { sayMinute, sayMinutes, saySeconds } = this.box.dataset;
    if (seconds <= 60 - LAST_STEP) return fill(saySeconds, LAST_STEP * Math.ceil(seconds / LAST_STEP));
    const minutes = Math.ceil(seconds / 60);
    return minutes === 1 ? sayMinute : fill(sayMinutes, minutes);
  }

  show() {
    if (this.box.open) this.text.textContent = this.sentence(this.left);
  }

  /** What is due now; then sleep until something is due again. */
  async pass() {
    clearTimeout(this.timer);
    if (this.ended) return;
    if (performance.now() - this.syncedAt >= 1000 * SYNC) await this.ask();
    if (this.left <= 0) {
      await this.end();
      return;
    }
    this.show();
    this.announceMark();
    const untilSync = SYNC - (performance.now() - this.syncedAt) / 1000;
    const due = Math.max(0.05, Math.min(untilChange(this.left), untilSync));
    this.timer = setTimeout(() => this.pass(), 1000 * due + 20);
  }

  async sync() {
    if (this.ended) return;
    await this.ask();
    await this.pass();
  }

  async ask() {
    this.syncedAt = performance.now();
    try {
      const response = await fetch(this.box.dataset.url, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (response.ok) this.hear(await response.json());
      else if (this.ended) this.running = false; // signed out: the sitting's page says what to do
    } catch {
      // without a connection this machine counts on
    }
  }

  hear(time) {
    if (!time.running) {
      this.running = false;
      this.set(0);
      return;
    }
    this.set(time.seconds_left);
    this.hearOfMore(time);
  }

  hearOfMore(time) {
    const more = time.given_back_minutes - this.givenBack;
    const { sayGivenBack, sayGivenBackOne, sayExtended } = this.box.dataset;
    if (more > 0) this.say(more === 1 ? sayGivenBackOne : fill(sayGivenBack, more));
    else if (time.minutes_allowed > this.allowed) this.say(fill(sayExtended, time.minutes_allowed));
    this.givenBack = time.given_back_minutes;
    this.allowed = time.minutes_allowed;
  }

  /** Tell each mark once, also when the learner was between two pages as it passed. */
  announceMark() {
    const mark = markOf(this.left);
    const told = this.told();
    if (told !== null && mark < told) this.say(this.sentence(mark - this.left < LAST_STEP ? mark : this.left));
    if (told !== mark) this.remember(mark);
  }

  told() {
    try {
      const kept = sessionStorage.getItem(`attest.clock.${this.box.dataset.clock}`);
      return kept === null ? null : Number(kept);
    } catch {
      return this.toldHere ?? null;
    }
  }

  remember(mark) {
    this.toldHere = mark;
    try {
      sessionStorage.setItem(`attest.clock.${this.box.dataset.clock}`, mark);
    } catch {
      // this browser keeps nothing: then each page counts for itself
    }
  }

  /** Send what is unsent, wait until the server has closed the sitting, and go there. */
  async end() {
    if (this.ended) return;
    this.ended = true;
    this.say(this.box.dataset.sayOver);
    this.text.textContent = this.box.dataset.sayOver;
    await this.onEnd();
    while (this.running !== false) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * AFTER_END));
      await this.ask();
      if (this.left > 0 && this.running !== false) {
        this.goOn();
        return;
      }
    }
    location.assign(this.box.dataset.home);
  }

  /** Time was given back at the last moment. */
  goOn() {
    this.ended = false;
    this.pass();
  }
}

/** Run the clock of this page, if it has one; `onEnd` sends what is unsent. */
export const startClock = (onEnd) => {
  const box = document.querySelector("[data-clock]");
  if (box) new Clock(box, onEnd).start();
};
