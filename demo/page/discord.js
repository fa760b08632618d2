// Says in the visitor's language what simcord's preview says in English. What the bot says is left alone.
const said = JSON.parse(document.getElementById("said").textContent);
const bot = ".message-content, .text-display, .embed, .component-button";

function used(node, english) {
  const who = node.parentElement?.closest(".message-interaction-header") && english.match(/^(.+) used$/)?.[1];
  return who && said["{name} used"].replace("{name}", () => who);
}

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType !== Node.TEXT_NODE || node.parentElement?.closest(bot)) continue;
    const english = node.data.trim();
    const text = said[english] ?? used(node, english);
    if (text && text !== english) node.data = node.data.replace(english, () => text);
  }
}

function translatePlaceholder(field) {
  const text = said[field.placeholder];
  if (text && text !== field.placeholder) field.placeholder = text;
}

translate(document.body);
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") translatePlaceholder(change.target);
    for (const node of change.addedNodes) translate(node);
    if (change.type === "characterData" && change.target.parentElement) translate(change.target.parentElement);
  }
}).observe(document.body, {
  childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["placeholder"],
});
if (new URLSearchParams(location.search).has("plain")) document.body.classList.add("plain");
