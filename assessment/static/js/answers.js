// Answers on their way: kept on this device until the server says that it has them.

const STORE = "attest.answers.";
const PAUSES = [1000, 2000, 5000, 10000];
const LONGEST_PAUSE = 30000;
const PATIENCE = 15000;

/** What this device keeps for one learner; what it kept for anybody else is dropped. */
export class Shelf {
  constructor(owner, store = STORE) {
    this.store = store;
    this.mine = `${store}${owner}.`;
    for (const key of this.keys()) if (!key.startsWith(this.mine)) this.forget(key);
  }

  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.store));
    } catch {
      return []; // this browser keeps nothing: an answer then lives as long as its page
    }
  }

  /** The questions, as "sitting/position", whose answers are kept. */
  names() {
    return this.keys().map((key) => key.slice(this.mine.length));
  }

  read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.mine + name));
    } catch {
      return null;
    }
  }

  write(name, entry) {
    try {
      localStorage.setItem(this.mine + name, JSON.stringify(entry));
    } catch {
      // full or forbidden: the page still has the answer, and warns before it is left
    }
  }

  remove(name) {
    this.forget(this.mine + name);
  }

  removeSitting(sitting) {
    for (const name of this.names()) if (name.startsWith(`${sitting}/`)) this.remove(name);
  }

  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
  }
}

const meaning = async (response) => {
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "out" };
  if (response.status === 429 || response.status >= 500) {
    return { kind: "retry", after: 1000 * Number(response.headers.get("Retry-After")) };
  }
  const said = await response.json();
  if (response.ok) return { kind: "saved", revision: said.revision, savedAt: said.saved_at, said };
  const kinds = { csrf: "out", stale: "stale", committed: "over", ended: "over", expired: "over" };
  return { kind: kinds[said.error] ?? "refused", sentence: said.sentence };
};

const post = async (entry, token) => {
  const body = new FormData();
  for (const [name, value] of entry.doubtful) body.append(name, value);
  body.append("revision", entry.revision);
  body.append("csrf_token", token);
  try {
    return await meaning(
      await fetch(entry.address, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      }),
    );
  } catch {
    return { kind: "retry" }; // no connection, or an answer that is not ours
  }
};

/**
 * Brings the answers to one question to the server, one after the other.
 *
 * `wanted` is the learner's latest answer. `doubtful` is what was last sent and not acknowledged:
 * it may have arrived, so it is sent again, unchanged, before anything newer. An answer of the
 * learner's own can thus never look like one from another window.
 */
export class Carrier {
  constructor(shelf, name, entry, access, tell) {
    Object.assign(this, { shelf, name, entry, access, tell, failures: 0, running: null, stopped: false });
    this.wake = () => {};
    addEventListener("online", () => this.wake());
  }

  get unsent() {
    return Boolean(this.entry.wanted || this.entry.doubtful);
  }

  /** Take the learner's latest answer; it goes out after `pause` milliseconds. */
  give(fields, pause) {
    this.entry.wanted = fields;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), pause);
  }

  /** Send whatever is unsent; resolves to how that ended. */
  settle() {
    clearTimeout(this.timer);
    this.wake();
    if (this.stopped) return Promise.resolve("stopped");
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  stop() {
    this.stopped = true;
    this.wake();
  }

  keep() {
    if (this.unsent) this.shelf.write(this.name, this.entry);
    else this.shelf.remove(this.name);
  }

  async run() {
    while (this.unsent && !this.stopped) {
      this.entry.doubtful ??= this.takeWanted();
      this.keep();
      this.tell("saving");
      const outcome = await post(this.entry, this.access.token);
      if (outcome.kind === "retry") await this.rest(outcome.after);
      else if (!this.met(outcome)) return outcome.kind;
    }
    return this.stopped ? "stopped" : "saved";
  }

  takeWanted() {
    const { wanted } = this.entry;
    this.entry.wanted = null;
    return wanted;
  }

  /** Whether to go on after this outcome. */
  met(outcome) {
    this.failures = 0;
    if (outcome.kind === "saved") {
      Object.assign(this.entry, { revision: outcome.revision, doubtful: null });
      this.keep();
    } else if (outcome.kind === "refused" || outcome.kind === "over") {
      this.entry.doubtful = null; // it will never be taken as it is
      if (outcome.kind === "over") this.entry.wanted = null;
      this.keep();
    }
    this.tell(outcome.kind, outcome);
    return outcome.kind === "saved" || (outcome.kind === "refused" && this.unsent);
  }

  rest(after) {
    this.tell("unsaved");
    const pause = Math.min(after || PAUSES[Math.min(this.failures, PAUSES.length - 1)], LONGEST_PAUSE);
    this.failures += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
