// A file is sent in pieces, and goes on by itself where it was cut off; without this the form sends it.

const PAUSES = [1000, 2000, 4000, 8000, 15000];
const PATIENCE = 180_000; // for one piece, with a signal that comes and goes
const LOOK_AGAIN = 4000;
const MEGABYTE = 1_000_000;

const megabytes = (bytes) =>
  (bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A refusal that trying again does not change; `kind` names a sentence of the page, if it has none. */
class Refusal extends Error {
  constructor(kind, sentence) {
    super(sentence ?? kind);
    Object.assign(this, { kind, sentence });
  }
}

class Upload {
  constructor(form, file, tell) {
    Object.assign(this, { form, file, tell, failures: 0, received: 0, wake: () => {} });
    this.token = form.querySelector("[name=csrf_token]").value;
    addEventListener("online", () => this.wake());
  }

  /** Send the whole file; resolves to its receipt. */
  async run() {
    const { name, size, lastModified } = this.file;
    const begun = await this.insist(this.form.dataset.uploads, { name, size, modified: lastModified });
    this.address = `${this.form.dataset.uploads}/${begun.id}`;
    this.piece = begun.piece_bytes;
    this.received = begun.received;
    if (this.received) this.tell("resumed", this.received);
    while (this.received < size) await this.sendNext();
    this.tell("checking", size);
    return this.insist(`${this.address}/complete`, {});
  }

  async sendNext() {
    const piece = this.file.slice(this.received, this.received + this.piece);
    const answer = await this.insist(`${this.address}?offset=${this.received}`, piece);
    this.received = answer.received;
    this.tell("going", this.received);
  }

  /** Send until there is an answer; a lost signal is waited for. */
  async insist(address, content) {
    for (;;) {
      const answer = await this.send(address, content);
      if (answer) {
        this.failures = 0;
        return answer;
      }
      this.tell("waiting", this.received);
      await this.rest();
    }
  }

  async send(address, content) {
    const body = content instanceof Blob ? await this.read(content) : new URLSearchParams(content);
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (content instanceof Blob) headers["Content-Type"] = "application/octet-stream";
    try {
      const options = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
      const response = await fetch(address, options);
      return await this.meaning(response);
    } catch (fault) {
      if (fault instanceof Refusal) throw fault;
      return null; // no connection, or an answer that is not ours
    }
  }

  async read(piece) {
    try {
      return await piece.arrayBuffer();
    } catch {
      throw new Refusal("unreadable");
    }
  }

  async meaning(response) {
    const { status } = response;
    if (response.type === "opaqueredirect" || status === 401) throw new Refusal("out");
    if (status === 408 || status === 429 || status >= 500) return null;
    const said = await response.json();
    if (response.ok || said.error === "out_of_place") return said;
    throw new Refusal(said.error === "csrf" ? "out" : "again", said.error === "csrf" ? null : said.sentence);
  }

  rest() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
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

/** Says how far a file is: in a bar and words, and aloud only every tenth of the way. */
class Teller {
  constructor(form, file) {
    Object.assign(this, { form, file, told: "" });
    this.box = form.querySelector("[data-upload-state]");
    this.words = form.querySelector("[data-upload-words]");
    this.aloud = form.querySelector("[data-upload-told]");
    this.bar = form.querySelector("[data-upload-state] progress");
  }

  tell(kind, done) {
    this.box.hidden = false;
    this.bar.value = done / this.file.size;
    this.say(this.form.dataset[kind], done, `${kind}${Math.floor((10 * done) / this.file.size)}`);
  }

  say(sentence, done, step) {
    const words = sentence.replace("{done}", megabytes(done)).replace("{total}", megabytes(this.file.size));
    this.words.textContent = words;
    if (this.told !== step) this.aloud.textContent = words;
    this.told = step;
  }

  refuse(refusal, done) {
    this.box.hidden = false;
    this.say(refusal.sentence ?? this.form.dataset[refusal.kind], done, refusal.message);
    if (refusal.kind === "out") this.offerSignIn();
  }

  offerSignIn() {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = this.form.dataset.signIn;
    this.words.append(" ", link);
  }
}

const sendAhead = async (form, input, button) => {
  const [file] = input.files;
  const teller = new Teller(form, file);
  const upload = new Upload(form, file, (kind, done) => teller.tell(kind, done));
  const leave = (event) => event.preventDefault();
  addEventListener("beforeunload", leave);
  button.disabled = true;
  try {
    const receipt = await upload.run();
    teller.tell("arrived", file.size);
    removeEventListener("beforeunload", leave);
    const arrived = form.querySelector("[name=artefact]");
    Object.assign(arrived, { disabled: false, value: receipt.artefact });
    input.disabled = true;
    form.submit();
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    teller.refuse(refusal, upload.received);
    button.disabled = false;
  } finally {
    removeEventListener("beforeunload", leave);
  }
};

for (const form of document.querySelectorAll("form[data-uploads]")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    sendAhead(form, input, event.submitter ?? form.querySelector("[type=submit]"));
  });
}

// What is being prepared is looked for again, until it is there.
const lookAgain = async () => {
  const files = document.querySelector("#files[data-preparing]");
  if (!files || files.contains(document.activeElement)) return;
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.querySelector("#files");
  if (now) files.replaceWith(now);
};
if (document.querySelector("#files[data-preparing]")) setInterval(lookAgain, LOOK_AGAIN);
