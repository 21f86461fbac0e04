// The texts of an event: one language at a time, the machine's text at hand, titles counted.
// Without this script all languages stand below one another and every field works.

const desk = document.getElementById("desk");
if (desk) {
  const form = desk.closest("form");
  const choose = switchLanguages(desk);
  countLetters(desk);
  copyTexts(desk);
  followSource(desk);
  if (form) guardChanges(form, desk);
  for (const sent of [form, ...document.querySelectorAll(".status-form")]) {
    sent?.addEventListener("submit", () => keepLanguage(sent, choose.current()));
  }
}

// Make tabs of the links to the languages; the address remembers which one is open.
function switchLanguages(root) {
  const bar = root.querySelector(".desk-switch");
  const tabs = [...bar.querySelectorAll("a")];
  const panel = (tab) => document.getElementById(tab.hash.slice(1));
  let open = tabs[0];

  function select(tab) {
    open = tab;
    for (const other of tabs) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      panel(other).hidden = !chosen;
    }
  }

  function turn(tab) {
    select(tab);
    history.replaceState(history.state, "", `#${tab.dataset.language}`);
  }

  const named = (hash) => tabs.find((tab) => [tab.hash, `#${tab.dataset.language}`].includes(hash));
  bar.setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel(tab).id);
    panel(tab).setAttribute("role", "tabpanel");
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      turn(tab);
    });
  }
  bar.addEventListener("keydown", (event) => {
    const next = neighbour(event.key, tabs.indexOf(open), tabs.length);
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    turn(tabs[next]);
    tabs[next].focus();
  });
  window.addEventListener("hashchange", () => {
    const tab = named(location.hash);
    if (tab) select(tab);
  });
  root.classList.add("is-switched");
  const wrong = tabs.find((tab) => tab.classList.contains("has-errors"));
  select(wrong ?? named(location.hash) ?? named(`#${root.dataset.opened}`) ?? tabs[0]);
  return { current: () => open };
}

function neighbour(key, at, count) {
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 };
  return key in steps ? (steps[key] + count) % count : null;
}

// Saving comes back to the language that was open: a redirect keeps the end of the address.
function keepLanguage(form, tab) {
  const address = new URL(form.action, location.href);
  address.hash = tab.dataset.language;
  form.setAttribute("action", address);
}

// Count as the database does: letters of Unicode, not units of UTF-16.
function countLetters(root) {
  for (const output of root.querySelectorAll(".desk-count")) {
    const input = document.getElementById(output.htmlFor.value);
    const limit = Number(output.dataset.limit);
    const count = () => {
      const length = [...input.value].length;
      output.value = `${length} / ${limit}`;
      output.classList.toggle("is-near", length > limit * 0.9);
    };
    input.addEventListener("input", count);
    count();
  }
}

function copyTexts(root) {
  for (const button of root.querySelectorAll(".desk-copy")) {
    const input = document.getElementById(button.dataset.to);
    const words = document.getElementById(button.dataset.from).textContent;
    const offer = () => {
      button.hidden = input.value === words;
    };
    input.addEventListener("input", offer);
    button.addEventListener("click", () => {
      input.value = words;
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    offer();
  }
}

// What is typed in English is what the others translate.
function followSource(root) {
  for (const input of root.querySelectorAll("#text-en .desk-target :is(input:not([type=hidden]), textarea)")) {
    const field = input.name.slice(0, input.name.lastIndexOf("_"));
    input.addEventListener("input", () => {
      for (const source of root.querySelectorAll(`[data-source="${field}"]`)) {
        source.textContent = input.value;
      }
    });
  }
}

// Mark the languages with words that are not saved yet, and ask before they are lost.
function guardChanges(form, root) {
  const changed = () => [...form.elements].filter(isChanged);
  let leaving = false;
  root.addEventListener("input", () => {
    const parts = new Set(changed().map((field) => field.closest(".desk-part")?.dataset.language));
    for (const tab of root.querySelectorAll(".desk-switch a")) {
      tab.classList.toggle("is-changed", parts.has(tab.dataset.language));
    }
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed().length > 0) event.preventDefault();
  });
}

function isChanged(field) {
  if (!field.name || field.type === "hidden") return false;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.selectedOptions].some((one) => !one.defaultSelected);
  return field.defaultValue !== undefined && field.value !== field.defaultValue;
}
