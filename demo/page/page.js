// Keeps the page in step with the visit: the open channel, what is unread, what was done.
const texts = JSON.parse(document.getElementById("texts").textContent);
const { token, language } = document.body.dataset;
const $ = (id) => document.getElementById(id);
const LOOK_EVERY = 1500; // milliseconds: quick enough for a tick to feel like an answer
let turn = null;
let door = null;
let polling = null;
let listed = "";

async function ask(path, body) {
  const answer = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: { "X-Demo-Token": token, "Content-Type": "application/json" },
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function enter(nextDoor, where = {}) {
  clearTimeout(polling);
  if (!where.channel && !where.key) where = { key: document.querySelector(`.tasks[data-door="${nextDoor}"]`).dataset.start };
  door = nextDoor;
  document.body.dataset.stage = "place";
  $("doors").hidden = true;
  $("place").hidden = false;
  $("tabs").hidden = false;
  $("waiting").hidden = false;
  $("elsewhere").hidden = true;
  $("frame").hidden = true;
  $("frame").removeAttribute("src");
  introduce();
  const state = await ask("/demo/open", { door, language, ...where });
  turn = state.turn;
  sessionStorage.setItem("door", door);
  show(state);
  $("frame").src = state.src;
  showTab("discord");
  polling = setTimeout(look, LOOK_EVERY);
}

function introduce() {
  for (const list of document.querySelectorAll(".tasks")) {
    list.hidden = list.dataset.door !== door;
    if (list.hidden) continue;
    $("me-avatar").src = list.dataset.avatar;
    $("me-name").textContent = list.dataset.name;
    $("me-door").textContent = list.dataset.title;
  }
  for (const button of document.querySelectorAll(".other-doors button")) {
    button.setAttribute("aria-pressed", String(button.dataset.door === door));
  }
}

async function look() {
  try {
    const state = await ask("/demo/state");
    if (state.turn === turn) show(state);
    $("elsewhere").hidden = state.turn === turn;
  } catch {
    $("announce").textContent = texts.lost;
  }
  polling = setTimeout(look, LOOK_EVERY);
}

function show(state) {
  const now = JSON.stringify([state.groups, state.open]);
  if (now !== listed) {
    listed = now;
    const focused = document.activeElement?.dataset?.channel;
    $("channel-list").replaceChildren(...state.groups.flatMap((group) => [heading(group.name), list(group.channels, state.open)]));
    if (focused) document.querySelector(`[data-channel="${focused}"]`)?.focus();
  }
  let all = true;
  for (const item of document.querySelectorAll(`.tasks[data-door="${state.door}"] li`)) {
    const done = state.done.includes(item.id.slice("task-".length));
    if (done && !item.classList.contains("done")) $("announce").textContent = `${texts.done} ${item.querySelector(".task-text").textContent}`;
    item.classList.toggle("done", done);
    all &&= done;
  }
  if (all && !$("own").classList.contains("reached")) {
    $("own").classList.add("reached");
    $("own").open = true;
  }
}

function heading(name) {
  return Object.assign(document.createElement("h3"), { textContent: name === "@" ? texts.messages : name });
}

function list(channels, open) {
  const items = document.createElement("ul");
  for (const channel of channels) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.channel = channel.id;
    button.classList.toggle("unread", channel.unread);
    if (channel.id === open) button.setAttribute("aria-current", "page");
    const glyph = Object.assign(document.createElement("span"), { className: "glyph", textContent: "#" });
    glyph.setAttribute("aria-hidden", "true");
    button.append(glyph, Object.assign(document.createElement("span"), { textContent: channel.name }));
    if (channel.unread) button.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: texts.unread }));
    button.addEventListener("click", () => enter(door, { channel: channel.id }));
    item.append(button);
    if (channel.threads.length) item.append(list(channel.threads, open));
    items.append(item);
  }
  return items;
}

function showTab(name) {
  document.body.dataset.tab = name;
  for (const tab of document.querySelectorAll("#tabs button")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

function goHome() {
  clearTimeout(polling);
  sessionStorage.removeItem("door");
  document.body.dataset.stage = "doors";
  $("place").hidden = $("tabs").hidden = true;
  $("doors").hidden = false;
  $("main").focus();
}

$("frame").addEventListener("load", () => {
  if (!$("frame").getAttribute("src")) return;
  $("waiting").hidden = true;
  $("frame").hidden = false;
});
$("home").addEventListener("click", goHome);
$("return").addEventListener("click", () => enter(door));
for (const button of document.querySelectorAll("button[data-door]")) button.addEventListener("click", () => enter(button.dataset.door));
for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => enter(door, { key: button.dataset.go }));
for (const tab of document.querySelectorAll("#tabs button")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
if (sessionStorage.getItem("door")) enter(sessionStorage.getItem("door"));
