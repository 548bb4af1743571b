// A question saves as it is answered; nothing given is lost on the way. Every page works without.

import { Carrier, Shelf } from "./answers.js";
import { startClock } from "./clock.js";

const TYPING = 600;
const QUICK = 400; // a save that takes no longer than this needs no "Saving…"
const READING = 4000;
const LAST_WAIT = 5000;
const OWN = ["csrf_token", "revision", "go"];

const question = document.querySelector("form[data-sitting]");
const review = document.querySelector("form[data-submit]");
const both = document.querySelector("[data-both-shown]");
const committing = document.querySelector("form[data-committing]");
const page = question ?? review ?? both ?? committing;

const shelf = page && new Shelf(page.dataset.owner);
const access = { token: page?.querySelector("[name=csrf_token]")?.value };
const state = page?.querySelector("[data-save-state]");
const carriers = [];
let leaving = false;

const unsent = () => carriers.some((carrier) => carrier.unsent);

// What the page says

const clockTime = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));

let soon;
const show = (sentence, look = "") => {
  clearTimeout(soon);
  if (state.textContent !== sentence) state.textContent = sentence;
  state.dataset.look = look;
};
const showSaved = (moment) => show(page.dataset.saved.replace("{time}", clockTime(moment)), "saved");
const showSoon = (sentence) => {
  clearTimeout(soon);
  soon = setTimeout(() => show(sentence), QUICK);
};

const showLink = (sentence, words, address) => {
  if (state.querySelector("a")) return;
  show(sentence, "unsaved");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  link.addEventListener("click", () => {
    leaving = true; // what is unsent is kept on this device
  });
  state.append(" ", link);
};

const showSignedOut = () => showLink(page.dataset.signedOut, page.dataset.signIn, location.href);

const goHome = (sentence) => {
  leaving = true;
  if (sentence) show(sentence, "unsaved");
  setTimeout(() => location.assign(page.dataset.home), sentence ? READING : 0);
};

// The answer on this page

const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => !OWN.includes(name));

const fillIn = (form, fields) => {
  const given = (name) => fields.filter(([field]) => field === name).map(([, value]) => value);
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    if (input.type === "text") input.value = given(input.name)[0] ?? "";
    else input.checked = given(input.name).includes(input.value);
  }
};

/** Whether the form says something else than the server sent: an answer may be faster than a script. */
const changed = (form) =>
  [...form.querySelectorAll("input:not([type=hidden])")].some((input) =>
    input.type === "text" ? input.value !== input.defaultValue : input.checked !== input.defaultChecked,
  );

const showWrong = (sentence = "") => {
  const place = question.querySelector("[data-entry-error]");
  if (!place) return;
  place.textContent = sentence;
  place.closest(".field").classList.toggle("field-wrong", Boolean(sentence));
  question.elements.text.setAttribute("aria-invalid", String(Boolean(sentence)));
};

/** Post the answer as a page: the server answers with both values and the choice between them. */
const showBoth = (carrier) => {
  leaving = true;
  show(page.dataset.stale, "unsaved");
  fillIn(question, carrier.entry.wanted ?? carrier.entry.doubtful);
  question.elements.revision.value = carrier.entry.revision;
  HTMLFormElement.prototype.submit.call(question);
};

const tellHere = (carrier) => (kind, outcome) => {
  if (kind === "saving") showSoon(page.dataset.saving);
  if (kind === "unsaved") show(page.dataset.unsaved, "unsaved");
  if (kind === "out") showSignedOut();
  if (kind === "stale") showBoth(carrier());
  if (kind === "refused") {
    show("");
    showWrong(outcome.sentence);
  }
  if (kind === "over") {
    carrier().stop();
    shelf.removeSitting(question.dataset.question.split("/")[0]);
    goHome(outcome.sentence);
  }
  if (kind === "saved") {
    question.elements.revision.value = outcome.revision;
    showWrong();
    showSaved(outcome.savedAt);
  }
};

const carrierHere = () => {
  const kept = shelf.read(question.dataset.question);
  const fresh = { address: location.pathname, revision: Number(question.elements.revision.value), doubtful: null, wanted: null };
  const carrier = new Carrier(shelf, question.dataset.question, kept ?? fresh, access, tellHere(() => carrier));
  if (changed(question)) carrier.give(fieldsOf(question), 0);
  else if (kept) fillIn(question, kept.wanted ?? kept.doubtful);
  return carrier;
};

/** The page is left by the button only when what it has is saved. */
const goOnWhenSaved = (carrier) => {
  let going = null;
  question.addEventListener("input", () => {
    going = null; // the learner has not finished here after all
  });
  question.addEventListener("submit", async (event) => {
    if (leaving || (!carrier.unsent && navigator.onLine)) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    going = submitter;
    const ended = carrier.unsent ? await carrier.settle() : await connected();
    if ((ended !== "saved" && ended !== "refused") || going !== submitter) return;
    leaving = true;
    question.requestSubmit(submitter);
  });
};

const connected = () =>
  new Promise((resolve) => {
    show(page.dataset.unsaved, "unsaved");
    addEventListener("online", () => resolve("saved"), { once: true });
  });

const saveAsGiven = (carrier) => {
  question.addEventListener("input", (event) => {
    carrier.give(fieldsOf(question), event.target.type === "text" ? TYPING : 0);
  });
  question.addEventListener("change", () => {
    if (carrier.unsent) carrier.settle(); // a text that is left is sent without waiting
  });
};

// A question of an adaptive test: its answer goes when a button is pressed, once, and until it has
// arrived it is kept here and sent again.

const COMMITS = ["answer", "unsure"];

const tellCommitted = (carrier) => (kind, outcome) => {
  if (kind === "saving") showSoon(page.dataset.saving);
  if (kind === "unsaved") show(page.dataset.unsaved, "unsaved");
  if (kind === "out") showSignedOut();
  if (kind === "saved") goHome();
  if (kind === "over") {
    carrier().stop();
    goHome(outcome.sentence);
  }
  if (kind === "refused") {
    leaving = true; // the server's page says what to correct
    committing.requestSubmit(committing.querySelector(`[name=go][value=${COMMITS[0]}]`));
  }
};

const carrierOfCommitted = () => {
  const kept = shelf.read(committing.dataset.committing);
  const fresh = { address: location.pathname, revision: 0, doubtful: null, wanted: null };
  const carrier = new Carrier(shelf, committing.dataset.committing, kept ?? fresh, access, tellCommitted(() => carrier));
  if (kept) fillIn(committing, kept.wanted ?? kept.doubtful);
  return carrier;
};

const commitWhenPressed = (carrier) => {
  committing.addEventListener("submit", (event) => {
    const { value } = event.submitter ?? committing.elements.go[0];
    const nothing = value === COMMITS[0] && !fieldsOf(committing).some(([, given]) => given.trim());
    if (leaving || nothing || !COMMITS.includes(value)) {
      leaving = true;
      return;
    }
    event.preventDefault();
    if (carrier.unsent) carrier.settle(); // pressed again: what was pressed first is on its way
    else carrier.give([...fieldsOf(committing), ["go", value]], 0);
  });
};

// Answers given on other pages that have not arrived yet

const tellOther = (name) => (kind) => {
  const [sitting, position] = name.split("/");
  if (kind === "unsaved" && review) show(review.dataset.unsent, "unsaved");
  if (kind === "over") shelf.removeSitting(sitting);
  if (kind === "out") showSignedOut();
  if (kind === "stale") showLink(page.dataset.otherStale.replace("{n}", position), page.dataset.chooseAnswer, shelf.read(name).address);
};

const carriersOfOthers = () =>
  shelf
    .names()
    .filter((name) => name !== (question?.dataset.question ?? committing?.dataset.committing))
    .map((name) => new Carrier(shelf, name, shelf.read(name), access, tellOther(name)));

const sendOthers = async () => {
  const others = carriersOfOthers();
  carriers.push(...others);
  const endings = await Promise.all(others.map((carrier) => carrier.settle()));
  if (review && endings.includes("saved")) {
    leaving = true;
    location.reload(); // its list is older than what has just been saved
  }
};

const submitWhenSaved = () => {
  review.addEventListener("submit", (event) => {
    leaving = !unsent();
    if (leaving) return;
    event.preventDefault();
    show(review.dataset.unsent, "unsaved");
    for (const carrier of carriers) carrier.settle();
  });
};

// After signing in again in another window, this page's form needs the new sign-in's token.

const renewAccess = async () => {
  const response = await fetch(location.href, { redirect: "manual" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (fresh.querySelector("[data-owner]")?.dataset.owner !== page.dataset.owner) return;
  access.token = fresh.querySelector("[name=csrf_token]").value;
  page.querySelector("[name=csrf_token]").value = access.token;
  for (const carrier of carriers) carrier.settle();
};

const renewWhenBack = () => {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && unsent()) renewAccess().catch(() => {});
  });
};

const start = () => {
  if (question) {
    const here = carrierHere();
    carriers.push(here);
    if (state.dataset.savedAt && !here.unsent) showSaved(state.dataset.savedAt);
    goOnWhenSaved(here);
    saveAsGiven(here);
    here.settle();
  }
  if (committing) {
    const here = carrierOfCommitted();
    carriers.push(here);
    commitWhenPressed(here);
    here.settle();
  }
  if (review) submitWhenSaved();
  sendOthers();
  renewWhenBack();
  addEventListener("beforeunload", (event) => {
    if (unsent() && !leaving) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the server may know more than a page from memory
  });
};

if (both) shelf.remove(both.dataset.bothShown);
else if (page) start();

const settled = () => Promise.all(carriers.map((carrier) => carrier.settle()));
const atMost = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

startClock(() => Promise.race([settled(), atMost(LAST_WAIT)]));
