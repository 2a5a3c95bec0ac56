// One listener for the page: citation chips open the source, the first one by itself where there is room.
const old = window.reportChat;
if (old) old.abort();
const control = new AbortController();
window.reportChat = control;
const wide = () => window.matchMedia("(min-width: 900px)").matches;
const open = (chip) => {
  document.querySelectorAll(".cite.active").forEach((other) => other.classList.remove("active"));
  chip.classList.add("active");
  trigger("cite", { ref: chip.dataset.ref });
};
const copied = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.text);
  } catch {  // no clipboard outside secure contexts: the old way
    const area = Object.assign(document.createElement("textarea"), { value: button.dataset.text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.classList.add("done");
  button.textContent = button.dataset.done;
};
document.addEventListener("click", (event) => {
  const chip = event.target.closest(".cite");
  if (chip) open(chip);
  const copy = event.target.closest(".copy");
  if (copy) copied(copy);
  if (event.target.closest("#source .close")) trigger("cite", { ref: "" });
}, { signal: control.signal });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".page")) trigger("cite", { ref: "" });
}, { signal: control.signal });
let seen = 0;
new MutationObserver(() => {
  const chips = document.querySelectorAll("#talk .answer:last-of-type .cite");
  const answers = document.querySelectorAll("#talk .answer:not(.waiting):has(.cite)").length;
  if (answers > seen && chips.length && wide()) open(chips[0]);
  const talk = document.querySelector("#talk");
  if (answers !== seen && talk) talk.scrollTop = talk.scrollHeight;
  seen = answers;
}).observe(document.body, { childList: true, subtree: true });
watch("value", () => {
  const page = element.querySelector(".page");
  const hit = element.querySelector("mark");
  if (page && hit) page.scrollTop = hit.offsetTop - page.clientHeight / 3;
});
