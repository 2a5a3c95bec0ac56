// One listener for the page: what is clicked becomes an event that Python handles (see chat/app.py).
// Nothing here keeps state but what is on the screen: the tab, the language, light or dark.
window.reportChat?.abort();
const control = new AbortController();
window.reportChat = control;
const signal = control.signal;
const root = document.querySelector(".gradio-container");
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const on = (name, act) => document.addEventListener(name, act, { signal });
const wide = () => window.matchMedia("(min-width: 900px)").matches;
const shownTurns = () => $$("#talk .turn[data-turn]").length;

// Gradio drops what is triggered while the same is still being done: here it waits for its turn, of some the last alone
const lines = {}, LAST_ALONE = ["cite", "seek", "sift"];
const send = (name, what) => {
  const line = (lines[name] ??= { busy: false, waiting: [] });
  if (!line.busy) trigger(name, what);
  else if (LAST_ALONE.includes(name)) line.waiting = [what];
  else line.waiting.push(what);
  line.busy = true;
};
on("done", ({ detail: name }) => {  // from chat/app.py
  const line = (lines[name] ??= { busy: false, waiting: [] });
  if (line.waiting.length) setTimeout(() => trigger(name, line.waiting.shift()), 20);
  else line.busy = false;
  if (name === "shelf" && $("#finder input")?.value && !$("#documents .removed")) seek();  // all were listed again
});
// What is written while a question is answered stays in the box until its turn comes, before what was clicked
const WRITTEN = {};
const write = () => {
  const line = (lines.submit ??= { busy: false, waiting: [] });
  if (!$("#question textarea").value.trim()) return;
  if (line.busy && !line.waiting.includes(WRITTEN)) line.waiting.unshift(WRITTEN);
  line.busy = true;
};
const leave = () => { delete lines.submit; };

// Tabs
const TABS = ["chat", "documents", "figures"];
let openedIn = "chat";  // the tab that the source stands beside
const tab = (name, focus) => {
  root.dataset.tab = name;
  root.classList.toggle("elsewhere", name !== openedIn);
  for (const other of TABS) {
    const button = $(`#to-${other}`), panel = $(`#tab-${other}`);
    button?.setAttribute("aria-selected", String(other === name));
    if (button) button.tabIndex = other === name ? 0 : -1;
    panel?.setAttribute("role", "tabpanel");
    panel?.setAttribute("aria-labelledby", `to-${other}`);
  }
  if (focus) $(`#to-${name}`)?.focus();
};

// Light or dark: what the system says, until the reader says otherwise
const dark = (set) => document.body.classList.toggle("dark", set);
const themed = localStorage.getItem("theme");
if (themed) dark(themed === "dark");

// The source panel
let opener = null, held = "";
const called = (button) => button.getAttribute("aria-label") ?? button.dataset.view;
const close = () => {
  send("cite", { ref: "" });
  $$(".cite.active").forEach((chip) => chip.classList.remove("active"));
  opener?.isConnected && opener.focus();
  opener = null;
};
const open = (from, byReader) => {
  if (from.matches(".cite")) {
    $$(".cite.active").forEach((chip) => chip.classList.remove("active"));
    from.classList.add("active");
  }
  if (byReader && !element.contains(from)) {
    opener = from;
    $(".page", element)?.focus({ preventScroll: true });  // what is open already does not come again
  }
  held = byReader && element.contains(from) ? called(from) : "";
  openedIn = root.dataset.tab;
  root.classList.remove("elsewhere");
  const { ref, view, page, zoom = wide() ? "100" : "200" } = from.dataset;  // a whole page cannot be read on a phone
  send("cite", { ref, view, page, zoom });
};

// Copying
const copy = async (button) => {
  const text = button.dataset.text ?? new URL(button.dataset.link, location.href).href;
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no clipboard outside secure contexts: the old way
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.classList.add("done");
  button.textContent = button.dataset.done;
};

// Files
const sendFiles = async (files) => {
  const drop = $("#drop .drop");
  if (!drop || !files.length) return;
  root.classList.remove("dragging");
  for (const file of files) {
    const failed = (said) => send("refused", { name: file.name, why: said });
    if (file.size > Number(drop.dataset.most)) { failed("too big"); continue; }
    const answer = await fetch(`upload?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file }).catch(() => null);
    if (!answer?.ok) { failed(answer?.status === 413 ? "too big" : answer?.status === 403 ? "no changes" : "failed"); continue; }
    trigger("watch", {});
  }
};
on("dragover", (event) => {
  if (!$("#drop .drop") || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  root.classList.add("dragging");
});
on("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dragging"); });
on("drop", (event) => {
  if (!$("#drop .drop") || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  sendFiles([...event.dataTransfer.files]);
});

// The Figures tab: the form and the heads of the columns say what is shown
let sorting = { order: "place", descending: "" };
const sift = (offset = 0) => send("sift", { ...Object.fromEntries(new FormData($("#filters form"))), ...sorting, offset });
let typing = 0;
const seek = () => send("seek", { name: $("#finder input").value });
on("input", (event) => {
  const wish = event.target.closest("#filters") ? sift : event.target.closest("#finder") ? seek : null;
  if (!wish) return;
  clearTimeout(typing);
  typing = setTimeout(wish, event.target.matches("select") ? 0 : 250);
});
on("submit", (event) => { if (event.target.closest("#filters, #finder")) event.preventDefault(); });

on("change", (event) => {
  const { target } = event;
  if (target.id === "files") { sendFiles([...target.files]); target.value = ""; }
  if (target.dataset.shelf === "scope") send("shelf", { act: "scope", id: target.dataset.id, on: target.checked });
  if (target.closest("#language")) document.cookie = `language=${target.value}; path=/; max-age=31536000; samesite=lax`;
});

const acts = {
  edit: (turn) => { send("edit", { turn }); tab("chat"); $("#question textarea").focus(); },
  retry: (turn) => send("submit", { turn }),
  earlier: () => send("earlier", { shown: shownTurns() }),
};
on("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button) return;
  const data = button.dataset;
  if (data.tab) tab(data.tab);
  else if (data.ask) { tab("chat"); send("submit", { q: data.ask }); }
  else if (data.ref) open(button, true);
  else if (data.label) { event.preventDefault(); openedIn = "figures"; tab("figures"); sorting = { order: "place", descending: "" }; send("narrow", { label: data.label }); }
  else if (data.act in acts) acts[data.act](Number(data.turn));
  else if (data.act) send("judge", { act: data.act, turn: data.turn, reason: data.reason, shown: shownTurns() });
  else if (data.shelf) send("shelf", { act: data.shelf, id: data.id });
  else if (data.order) { sorting = { order: data.order, descending: data.descending }; sift(); }
  else if (data.offset) { sift(Number(data.offset)); $("#tab-figures").scrollIntoView(); }
  else if (button.matches(".copy")) copy(button);
  else if (button.matches(".close")) close();
  else if (button.matches(".theme")) localStorage.setItem("theme", dark() ? "dark" : "light");
  else if (button.id === "ask-button") write();
  else if (button.id === "stop-button") leave();
  else if (button.id === "clear") { leave(); send("forget", {}); }
  else if (button.id === "export") send("export", {});
});
on("keydown", (event) => {
  if (event.key === "Escape" && $(".page", element)) close();
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("#question textarea")) write();
  const at = event.target.closest?.("[role=tab]") ? TABS.indexOf(event.target.dataset.tab) : -1;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (at >= 0 && step) tab(TABS[(at + step + TABS.length) % TABS.length], true);
});

// What Python changed
let seen = 0, aligned = 0;
const align = () => {  // the last question at the top, if its answer is as long as that
  const talk = $("#talk"), last = $$("#talk .turn").at(-1);
  if (talk && last) talk.scrollTop += last.getBoundingClientRect().top - talk.getBoundingClientRect().top - 6;
};
const sized = new ResizeObserver(() => { if (Date.now() - aligned < 2000) align(); });
signal.addEventListener("abort", () => sized.disconnect());
// Who has just come may write at once: Gradio loses the focus where the box is made anew as the page fills
let coming = true;
for (const done of ["pointerdown", "keydown", "focusin"]) on(done, ({ target }) => { if (!target.matches?.("#question textarea")) coming = false; });
setTimeout(() => { coming = false; }, 5000);
const welcome = () => {
  if (coming && document.activeElement === document.body) $("#question textarea")?.focus({ preventScroll: true });
};
const look = () => {
  welcome();
  if ($("#to-chat") && !$("[role=tab][aria-selected=true]")) tab(root.dataset.tab ?? "chat");
  const file = $("#exported pre[data-file]");
  if (file) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.textContent], { type: "text/markdown" }));
    link.download = file.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
    file.remove();
  }
  const talk = $("#talk"), turns = $$("#talk .turn");
  const last = turns.at(-1), number = Number(last?.dataset.turn ?? -1) + 1;
  if (last?.matches(".live") && talk) talk.scrollTop = talk.scrollHeight;
  if (number > seen && talk) {
    aligned = Date.now();
    align();
    sized.observe(talk);
    $$("#chat-jobs .job:not(.reading, .queued)").forEach((told) => told.remove());  // it was seen, and takes room
    const chip = $(".answer.found .cite", last);
    if (chip && wide()) open(chip, false);
    else if ($(".page", element) && wide()) send("cite", { ref: "" });  // it proved another answer
    else if (!wide()) last.scrollIntoView({ block: "start" });
  }
  if (!last?.matches(".live")) seen = number;
};
const watcher = new MutationObserver(look);
watcher.observe(document.body, { childList: true, subtree: true });
signal.addEventListener("abort", () => watcher.disconnect());
watch("value", () => {
  const page = $(".page", element);
  if (!page) return;
  const scroll = $(".scroll, article", page), mark = $(".sheet i, mark", page);
  const reach = () => {
    if (!mark) return;
    const [there, here] = [mark, scroll].map((one) => one.getBoundingClientRect());
    scroll.scrollTop += there.top - here.top - scroll.clientHeight / 3;
    scroll.scrollLeft += there.left - here.left - Math.max((scroll.clientWidth - there.width) / 2, 16);
  };
  reach();
  $("img", page)?.addEventListener("load", reach, { once: true });
  const again = held && $$("button:not(:disabled)", page).find((button) => called(button) === held);
  if (again) again.focus({ preventScroll: true });
  else if (opener || held || !wide()) page.focus({ preventScroll: true });
  held = "";
});
tab("chat");
const question = new URLSearchParams(location.search).get("q");
if (question) {
  history.replaceState(null, "", location.pathname);
  const ready = setInterval(() => {
    if (!$("#talk :is(.welcome, .turn)")) return;
    clearInterval(ready);
    send("submit", { q: question });
  }, 50);
}
